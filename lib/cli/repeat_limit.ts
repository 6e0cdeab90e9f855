/**
 * Keeps one fault that happens again and again from filling the diagnostics: the first lines of a
 * kind are written, and the rest of a minute becomes one line that says how many there were.
 *
 * @module
 */

import type { LogRecord } from "@logtape/logtape";
import type { Clock } from "../clock.ts";

/** Lines of one kind that are written within a minute. */
const MOST_LINES = 10;
const MINUTE_MS = 60_000;
/** Kinds that are remembered. With more at once, all are written. */
const MOST_KINDS = 1000;

/** Lines of one kind. */
interface Repeats {
  readonly since: number;
  count: number;
}

export class RepeatLimit {
  readonly #clock: Clock;
  readonly #write: (record: LogRecord) => void;
  readonly #kinds = new Map<string, Repeats>();

  /** @param write Takes records that are to be written. */
  constructor(clock: Clock, write: (record: LogRecord) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Writes a record, unless there were many like it. */
  take(record: LogRecord): void {
    if (record.level === "debug") return this.#write(record);
    const now = this.#clock.monotonic();
    const kind = kindOf(record);
    let repeats = this.#kinds.get(kind);
    if (!repeats || now - repeats.since >= MINUTE_MS) {
      if (this.#kinds.size >= MOST_KINDS) this.#forget(now);
      repeats = { since: now, count: 0 };
      if (this.#kinds.size < MOST_KINDS) this.#kinds.set(kind, repeats);
    }
    repeats.count++;
    if (repeats.count <= MOST_LINES) return this.#write(record);
    if (repeats.count > MOST_LINES + 1) return;
    const { since } = repeats;
    this.#clock.after(since + MINUTE_MS - now, () => this.#tell(kind, repeats, record));
  }

  #tell(kind: string, repeats: Repeats, { level, category, message }: LogRecord): void {
    if (this.#kinds.get(kind) === repeats) this.#kinds.delete(kind);
    const count = repeats.count - MOST_LINES;
    const rawMessage = `${count} more like this within a minute: ${message.map(String).join("")}`;
    this.#write({
      level,
      category,
      rawMessage,
      message: [rawMessage],
      timestamp: this.#clock.now(),
      properties: { repeats: count },
    });
  }

  #forget(now: number): void {
    for (const [kind, { since }] of this.#kinds) {
      if (now - since >= MINUTE_MS) this.#kinds.delete(kind);
    }
  }
}

/** What makes two records alike: where they come from, and what they say but for its details. */
function kindOf({ category, level, rawMessage, properties }: LogRecord): string {
  const template = String(rawMessage);
  // The whole sentence is a detail of some; and failed log-ins are told by address.
  const text = template === "{message}" ? properties.message : template;
  const address = category.at(-1) === "login" ? properties.address : "";
  return JSON.stringify([category, level, text, address]);
}
