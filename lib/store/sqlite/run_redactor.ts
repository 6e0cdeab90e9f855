/**
 * Replaces the texts of redacted events in their rows, in the transaction that stores the
 * redactions.
 *
 * The old text is overwritten where it is: the row keeps its size, so that SQLite does not move it.
 * Only a text about as short as its tombstone, or shorter, makes a row grow; that its fields go
 * saves little if other events share them. SQLite may then move the rows beside it, and keep copies
 * of them in unused parts of pages; the text of such a neighbour, if it is redacted later, can stay
 * there until the page is used. SQLite's `VACUUM` removes such copies.
 *
 * The write-ahead file has the old text until it starts over after a checkpoint, which the log asks
 * for right away. Earlier backups have it, too.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DatabaseSync } from "node:sqlite";
import { isRedactable, redactedNumber, tombstoneFor, tombstoneOf } from "../../domain/redaction.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { packFields, type StoredFields, unpackFields } from "./run_fields.ts";
import { kindOf } from "./run_row.ts";

interface TextRow {
  readonly id: number;
  readonly seq: number;
  readonly kind: number;
  readonly bodies: string;
  readonly fields: string | null;
}

/** The texts of a run, while some of them are replaced. */
interface Texts {
  readonly bodies: string[];
  readonly fields: StoredFields[];
  /** The size of both columns in the file. */
  readonly size: number;
  isChanged: boolean;
}

export class RunRedactor {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** @param database The writer's connection. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /**
   * Applies redactions. Those of numbers that do not exist, are no longer kept, cannot be redacted
   * or have been redacted already change nothing.
   *
   * @param redactions In order, each with the row id of its room.
   */
  apply(redactions: readonly (readonly [event: RoomEvent, room: number])[]): void {
    // Many redactions may be about few runs, and each run is one row.
    const changed = new Map<number, Texts>();
    for (const [event, room] of redactions) this.#redact(event, room, changed);
    if (changed.size === 0) return;
    // Freed pages, too, which costs writes; otherwise it is only parts of pages that are written.
    this.#database.exec("PRAGMA secure_delete = ON");
    try {
      for (const [id, { bodies, fields, size, isChanged }] of changed) {
        if (!isChanged) continue;
        const texts = JSON.stringify(bodies);
        const all = packFields(fields);
        this.#statements.replace.run(padded(texts, storedSize(all), size), all, id);
      }
    } finally {
      this.#database.exec("PRAGMA secure_delete = FAST");
    }
  }

  #redact(redaction: RoomEvent, room: number, changed: Map<number, Texts>): void {
    const of = redactedNumber(redaction);
    const row = of === undefined
      ? undefined
      : this.#statements.runWith.get(room, of) as unknown as TextRow | undefined;
    if (!row || !isRedactable(kindOf(row.kind))) return;
    const texts = changed.get(row.id) ?? textsOf(row);
    changed.set(row.id, texts);
    const index = of! - row.seq;
    // The number may be one that was swept, so that the run before it was found.
    if (index >= texts.bodies.length) return;
    const [body, fields] = [texts.bodies[index], texts.fields[index] ?? undefined];
    if (tombstoneOf({ body, fields })) return;
    const tombstone = tombstoneFor(redaction);
    texts.bodies[index] = tombstone.body;
    texts.fields[index] = tombstone.fields;
    texts.isChanged = true;
    if (kindOf(row.kind) === "topic") this.#statements.clearTopic.run(room, body);
  }
}

function textsOf({ bodies: json, fields }: TextRow): Texts {
  const bodies: string[] = JSON.parse(json);
  return {
    bodies,
    fields: fields === null ? bodies.map(() => null) : [...unpackFields(fields, bodies.length)],
    size: storedSize(json) + storedSize(fields),
    isChanged: false,
  };
}

/** Bytes of a value in a row, and of its type and length (section 2.1 of the file format). */
function storedSize(text: string | null): number {
  if (text === null) return 1;
  const bytes = Buffer.byteLength(text);
  let size = bytes + 1;
  for (let type = 2 * bytes + 13; type >= 128; type = Math.floor(type / 128)) size++;
  return size;
}

/** The JSON with as many spaces as make both columns `size` bytes, if it is not larger already. */
function padded(json: string, otherSize: number, size: number): string {
  let text = json + " ".repeat(Math.max(0, size - otherSize - storedSize(json)));
  // The spaces may have made the length a byte longer.
  while (text !== json && storedSize(text) + otherSize > size) text = text.slice(0, -1);
  return text;
}

function prepareStatements(database: DatabaseSync) {
  return {
    runWith: database.prepare(
      `SELECT id, seq, kind, bodies, fields FROM run WHERE room_id = ? AND seq <= ?
        ORDER BY seq DESC LIMIT 1`,
    ),
    replace: database.prepare("UPDATE run SET bodies = ?, fields = ? WHERE id = ?"),
    clearTopic: database.prepare(
      "UPDATE room SET topic = '', topic_by = '', topic_at = 0 WHERE id = ? AND topic = ?",
    ),
  };
}
