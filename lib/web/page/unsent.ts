/**
 * What one has said and the room has not heard yet. A line is in here until it comes back as an
 * event, over lost connections and killed servers: none is lost, and none is said twice.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";

/** What is kept of a line when the tab is loaded again. */
export interface UnsentRecord {
  readonly room: string;
  readonly body: string;
  readonly kind: "message" | "action";
  /** What one was called when it was sent; absent if it was not. */
  readonly from?: string;
  /** If it has become an event, then one with a higher number than this. */
  readonly after?: number;
  /** The number of that event, if the server has told. */
  readonly seq?: number;
}

export interface UnsentLine extends UnsentRecord {
  readonly ref: string;
  /**
   * `waiting` for a connection; `sent`, and not heard of yet; `failed`, until the person says what
   * to do.
   */
  state: "waiting" | "sent" | "failed";
  from?: string;
  after?: number;
  seq?: number;
  /** Whether its event has come. */
  isHeard: boolean;
  /** Why it failed. */
  problem?: string;
}

export class UnsentLines {
  #lines: UnsentLine[] = [];
  #count = 0;

  /** Those that no event stands for yet, in the order in which they were said. */
  get all(): readonly UnsentLine[] {
    return this.#lines.filter(({ seq }) => seq === undefined);
  }

  /** Those of one room. */
  of(room: string): readonly UnsentLine[] {
    return this.all.filter((line) => nameKey(line.room) === nameKey(room));
  }

  /** What to keep, for {@linkcode add}. */
  get records(): readonly UnsentRecord[] {
    return this.#lines.filter(({ isHeard }) => !isHeard)
      .map(({ room, body, kind, from, after, seq }) => ({ room, body, kind, from, after, seq }));
  }

  add(record: UnsentRecord): UnsentLine {
    const { room, kind, from, after, seq } = record;
    const body = record.body.toWellFormed().normalize("NFC");
    const state = after === undefined ? "waiting" : "sent";
    const ref = `s${++this.#count}`;
    const line: UnsentLine = { ref, room, body, kind, state, from, after, seq, isHeard: false };
    this.#lines.push(line);
    return line;
  }

  /** The first that was sent and not heard of. */
  firstSent(room: string): UnsentLine | undefined {
    return this.#unresolved(room)[0];
  }

  /** Those to send, now that there is a connection. */
  waiting(): readonly UnsentLine[] {
    return this.#lines.filter(({ state }) => state === "waiting");
  }

  /** It goes out under this name, when that number was the last. */
  markSent(line: UnsentLine, from: string, after: number): void {
    line.state = "sent";
    line.from = from;
    line.after = after;
    line.problem = undefined;
  }

  /**
   * Finds the lines that have become events.
   *
   * @param isWhole Nothing is missing between these events and those that came before.
   */
  receive(room: string, events: readonly EventJson[], isWhole: boolean): void {
    const here = this.#lines.filter((line) => line.room === room);
    if (here.length === 0) return;
    for (const event of events) {
      const line = here.find(({ seq }) => seq === event.seq) ??
        here.find((line) => isSame(line, event));
      if (!line) continue;
      if (line.seq !== undefined) this.remove(line);
      line.seq = event.seq;
      line.isHeard = true;
    }
    const last = isWhole ? events.at(-1)?.seq ?? 0 : 0;
    for (const line of this.#unresolved(room)) line.after = Math.max(line.after!, last);
  }

  /** The server says which event a line has become. */
  said(ref: string, seq: number): void {
    const line = this.#find(ref);
    if (!line) return;
    // Of two lines that say the same the other one may have been taken for it.
    const other = this.#lines.find((other) =>
      other !== line && other.room === line.room && other.seq === seq
    );
    const isHeard = other ? other.isHeard : line.seq === seq;
    if (other) {
      other.seq = line.seq;
      other.isHeard = line.isHeard;
    }
    line.seq = seq;
    if (isHeard) this.remove(line);
  }

  /** The server says that a line was not kept; returns whether there is such a line. */
  refused(ref: string, problem: string): boolean {
    const line = this.#find(ref);
    if (!line) return false;
    const { seq, isHeard, room, body, kind } = line;
    line.seq = undefined;
    line.isHeard = false;
    fail(line, problem);
    if (seq === undefined) return true;
    // The event that was taken for it is that of another line with the same words.
    const other = this.#unresolved(room).find((other) =>
      other.body === body && other.kind === kind
    );
    if (other) Object.assign(other, { seq, isHeard });
    return true;
  }

  /** The connection was lost: what has been heard needs no more word from the server. */
  disconnected(): void {
    this.#lines = this.#lines.filter(({ isHeard }) => !isHeard);
  }

  /** After a new connection all events have come: what is not among them was not said. */
  resumed(room: string): void {
    this.#forgetHeard(room);
    for (const line of this.#unresolved(room)) line.state = "waiting";
  }

  /** After a new connection nobody can tell: the person has to look. */
  uncertain(room: string): void {
    this.#forgetHeard(room);
    for (const line of this.#unresolved(room)) {
      fail(line, "The connection was lost, and this may have been said.");
    }
  }

  retry(line: UnsentLine): void {
    line.state = "waiting";
    line.problem = undefined;
  }

  remove(line: UnsentLine): void {
    this.#lines = this.#lines.filter((other) => other !== line);
  }

  /** All that has become an event has been heard by now. */
  #forgetHeard(room: string): void {
    this.#lines = this.#lines.filter((line) => line.room !== room || line.seq === undefined);
  }

  #unresolved(room: string): UnsentLine[] {
    return this.#lines.filter((line) =>
      line.room === room && line.state === "sent" && line.seq === undefined
    );
  }

  #find(ref: string): UnsentLine | undefined {
    return this.#lines.find((line) => line.ref === ref);
  }
}

function fail(line: UnsentLine, problem: string): void {
  line.state = "failed";
  line.problem = problem;
}

function isSame(line: UnsentLine, { kind, from, body, seq }: EventJson): boolean {
  return line.state === "sent" && line.seq === undefined && seq > line.after! &&
    line.kind === kind && line.body === body && nameKey(line.from!) === nameKey(from);
}
