/**
 * Lines that the user has sent and that have not come back as events yet. They survive lost
 * connections and killed servers, so that no line is lost or sent twice.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson } from "../protocol.ts";

/** A line as saved across reloads of the tab. */
export interface UnsentRecord {
  /** The name of a room, or that of a person after `@`. */
  readonly room: string;
  readonly body: string;
  readonly kind: "message" | "action";
  /** The user's name when it was sent; absent if it was not sent. */
  readonly from?: string;
  /** Its event, if there is one, has a higher number than this. */
  readonly after?: number;
  /** The number of its event, once known. */
  readonly seq?: number;
  /** Whether it may be a log-in, which must not be saved. */
  readonly isSecret?: boolean;
  /** The number of the message that it answers. */
  readonly reply?: number;
  /** When the account that it is for was created. Nobody else gets it then. */
  readonly since?: number;
}

export interface UnsentLine extends UnsentRecord {
  readonly ref: string;
  room: string;
  /**
   * `waiting` for a connection, `sent` but not confirmed, or `failed`, until the user retries or
   * discards it.
   */
  state: "waiting" | "sent" | "failed";
  from?: string;
  after?: number;
  seq?: number;
  reply?: number;
  since?: number;
  /** Whether its event has arrived. */
  isEchoed: boolean;
  /** Why it failed. */
  problem?: string;
}

export class UnsentLines {
  #lines: UnsentLine[] = [];
  #count = 0;

  /** The lines without an event, in the order in which they were typed. */
  get all(): readonly UnsentLine[] {
    return this.#lines.filter(({ seq }) => seq === undefined);
  }

  /** The lines without an event in one room. */
  of(room: string): readonly UnsentLine[] {
    return this.all.filter((line) => isIn(line, room));
  }

  /** The records to save; pass them to {@linkcode add} after a reload. */
  get records(): readonly UnsentRecord[] {
    return this.#lines.filter(({ isEchoed, isSecret }) => !isEchoed && !isSecret)
      .map(({ room, body, kind, from, after, seq, reply, since }) => {
        return { room, body, kind, from, after, seq, reply, since };
      });
  }

  add(record: UnsentRecord): UnsentLine {
    const { room, kind, from, after, seq, isSecret, reply, since } = record;
    const body = record.body.toWellFormed().normalize("NFC");
    const state = after === undefined ? "waiting" : "sent";
    const ref = `s${++this.#count}`;
    const line: UnsentLine = {
      ref,
      room,
      body,
      kind,
      state,
      from,
      after,
      seq,
      isSecret,
      reply,
      since,
      isEchoed: false,
    };
    this.#lines.push(line);
    return line;
  }

  /** The first line that was sent and not confirmed. */
  firstSent(room: string): UnsentLine | undefined {
    return this.#unresolved(room)[0];
  }

  /** The lines to send. */
  waiting(): readonly UnsentLine[] {
    return this.#lines.filter(({ state }) => state === "waiting");
  }

  /** Marks a line as sent under name `from` when the room's last event was number `after`. */
  markSent(line: UnsentLine, from: string, after: number): void {
    line.state = "sent";
    line.from = from;
    line.after = after;
    line.problem = undefined;
  }

  /**
   * Matches lines with events.
   *
   * @param isGapless Whether no event is missing between these and those received before.
   */
  receive(room: string, events: readonly EventJson[], isGapless: boolean): void {
    const here = this.#lines.filter((line) => isIn(line, room));
    if (here.length === 0) return;
    for (const event of events) {
      const line = here.find(({ seq }) => seq === event.seq) ??
        here.find((line) => isSame(line, event));
      if (!line) continue;
      if (line.seq !== undefined) this.remove(line);
      line.seq = event.seq;
      line.isEchoed = true;
    }
    const last = isGapless ? events.at(-1)?.seq ?? 0 : 0;
    for (const line of this.#unresolved(room)) line.after = Math.max(line.after!, last);
  }

  /** The server confirmed a line and named its event. */
  said(ref: string, seq: number): void {
    const line = this.#find(ref);
    if (!line) return;
    // No events of a room are matched with it.
    if (isPrivate(line)) return this.remove(line);
    // The event may have been matched with another line that has the same text.
    const other = this.#lines.find((other) =>
      other !== line && isIn(other, line.room) && other.seq === seq
    );
    const isEchoed = other ? other.isEchoed : line.seq === seq;
    if (other) {
      other.seq = line.seq;
      other.isEchoed = line.isEchoed;
    }
    line.seq = seq;
    if (isEchoed) this.remove(line);
  }

  /** The server refused a line; returns the line if it exists. */
  refused(ref: string, problem: string): UnsentLine | undefined {
    const line = this.#find(ref);
    if (!line) return undefined;
    const { seq, isEchoed, room, body, kind } = line;
    line.seq = undefined;
    line.isEchoed = false;
    fail(line, problem);
    if (seq === undefined) return line;
    // The event matched with it belongs to another line that has the same text.
    const other = this.#unresolved(room).find((other) =>
      other.body === body && other.kind === kind
    );
    if (other) Object.assign(other, { seq, isEchoed });
    return line;
  }

  /** Forgets a line; returns whether it existed. */
  forget(ref: string): boolean {
    const line = this.#find(ref);
    if (line) this.remove(line);
    return line !== undefined;
  }

  /** Redirects unsent messages after a rename: they are meant for the room under its new name. */
  moved(room: string, to: string): void {
    for (const line of this.of(room)) {
      if (line.state === "sent") fail(line, UNCERTAIN);
      line.room = to;
      // Message numbers of the old room mean nothing in the new one.
      line.reply = undefined;
    }
  }

  /** Forgets what was meant for one person: it is nobody else's business. */
  forgetPrivate(): void {
    this.#lines = this.#lines.filter((line) => !isPrivate(line));
  }

  /** The connection was lost: lines whose events have arrived need no confirmation. */
  disconnected(): void {
    this.#lines = this.#lines.filter(({ isEchoed }) => !isEchoed);
  }

  /** All missed events of a room have arrived: lines that are not among them must be resent. */
  resumed(room: string): void {
    this.#removeConfirmed(room);
    for (const line of this.#unresolved(room)) line.state = "waiting";
  }

  /** Some events of a room are unknown: the user has to decide whether to resend its lines. */
  uncertain(room: string): void {
    this.#removeConfirmed(room);
    for (const line of this.#unresolved(room)) {
      fail(line, UNCERTAIN);
    }
  }

  /**
   * There is a connection again, and private messages need the user's decision: nobody sends those
   * again that were missed, and a name without an account may be somebody else's by now.
   */
  uncertainPrivately(): void {
    for (const line of this.all) {
      const { room, state, since } = line;
      if (!isPrivate(line)) continue;
      if (state === "waiting" && since === undefined) {
        fail(line, `You were offline. Is ${room.slice(1)} still the same person?`);
      }
      this.uncertain(room);
    }
  }

  retry(line: UnsentLine): void {
    // The button may be clicked twice.
    if (line.state !== "failed") return;
    line.state = "waiting";
    line.problem = undefined;
  }

  remove(line: UnsentLine): void {
    this.#lines = this.#lines.filter((other) => other !== line);
  }

  /** Removes the lines that have an event. */
  #removeConfirmed(room: string): void {
    this.#lines = this.#lines.filter((line) => !isIn(line, room) || line.seq === undefined);
  }

  #unresolved(room: string): UnsentLine[] {
    return this.#lines.filter((line) =>
      isIn(line, room) && line.state === "sent" && line.seq === undefined
    );
  }

  #find(ref: string): UnsentLine | undefined {
    return this.#lines.find((line) => line.ref === ref);
  }
}

/** Whether a line is for one person. */
export function isPrivate({ room }: UnsentRecord): boolean {
  return room.startsWith("@");
}

const UNCERTAIN = "The connection was lost. This may or may not have been sent.";

/** The capitals of a room's name may change while a line is on its way. */
function isIn(line: UnsentLine, room: string): boolean {
  return nameKey(line.room) === nameKey(room);
}

function fail(line: UnsentLine, problem: string): void {
  line.state = "failed";
  line.problem = problem;
}

function isSame(line: UnsentLine, { kind, from, body, seq }: EventJson): boolean {
  return line.state === "sent" && line.seq === undefined && seq > line.after! &&
    line.kind === kind && line.body === body && nameKey(line.from!) === nameKey(from);
}
