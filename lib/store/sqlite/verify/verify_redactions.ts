/**
 * Checks that what was redacted has lost its text.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { isRedactable, redactedNumber, tombstoneOf } from "../../../domain/redaction.ts";
import { isWhole, type StoredFields, unpackFields } from "../run_fields.ts";
import { kindOf } from "../run_row.ts";
import { damage, type Finding } from "./finding.ts";

/** A redaction in the log. */
export interface StoredRedaction {
  readonly room: { readonly id: number; readonly name: string };
  readonly seq: number;
  /** The number it redacts. */
  readonly of: number;
}

interface RedactedRun {
  readonly id: number;
  readonly seq: number;
  readonly count: number;
  readonly kind: number;
}

/** The redactions in a run, if it has any. */
export function* redactionsOf(
  { seq, count, kind, fields }: Omit<RedactedRun, "id"> & { readonly fields: string | null },
  room: StoredRedaction["room"],
): Generator<StoredRedaction> {
  if (kindOf(kind) !== "redaction") return;
  for (const [index, each] of fieldsIn(fields, count).entries()) {
    const redaction = { kind: "redaction", seq: seq + index, fields: each ?? undefined } as const;
    const of = redactedNumber(redaction);
    if (of !== undefined) yield { room: { id: room.id, name: room.name }, seq: seq + index, of };
  }
}

/** Finds events that still have their text. */
export function* findUnredacted(
  log: DatabaseSync,
  redactions: readonly StoredRedaction[],
): Generator<Finding> {
  const runWith = log.prepare(
    "SELECT id, seq, count, kind FROM run WHERE room_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
  );
  const textsOf = log.prepare("SELECT bodies, fields FROM run WHERE id = ?");
  let texts: { readonly bodies: unknown[]; readonly fields: readonly StoredFields[] } | undefined;
  let last: number | undefined;
  // In order, so that a run with many of them is read once.
  const inOrder = redactions.toSorted((a, b) => a.room.id - b.room.id || a.of - b.of);
  for (const { room, seq, of } of inOrder) {
    const run = runWith.get(room.id, of) as unknown as RedactedRun | undefined;
    // It may have been removed since.
    if (!run || of >= run.seq + run.count || !isRedactable(kindOf(run.kind))) continue;
    if (!texts || run.id !== last) {
      const { bodies, fields } = textsOf.get(run.id)!;
      texts = { bodies: parsed(bodies), fields: fieldsIn(fields as string | null, run.count) };
      last = run.id;
    }
    const [body, fields] = [texts.bodies[of - run.seq], texts.fields[of - run.seq]];
    if (!tombstoneOf({ body: body as string, fields: fields ?? undefined })) {
      yield damage(`${room.name}#${of} still has the text that #${seq} redacted`);
    }
  }
}

/** The fields of the events of a run; none if they are damaged, which is found elsewhere. */
function fieldsIn(fields: string | null, count: number): readonly StoredFields[] {
  return fields !== null && isWhole(fields, count) ? unpackFields(fields, count) : [];
}

/** The elements of a JSON array; none if it is damaged, which is found elsewhere. */
function parsed(json: unknown): unknown[] {
  try {
    const value = JSON.parse(json as string);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
