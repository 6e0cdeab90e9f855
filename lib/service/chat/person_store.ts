/**
 * What the chat remembers about people between visits: their settings, and how far they have read
 * each room. Stored by nickname, which anybody could take, so nothing here is secret.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { StateStore } from "../../domain/state_store.ts";

/** The `seq` of the last event somebody was shown, by room name. */
export type Marks = ReadonlyMap<string, number>;

export interface PersonRecord {
  /** Chosen settings, by name, as written in `/set`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly marks: Marks;
}

/**
 * Where these records are in the state store, and how long they outlast the last visit. All state
 * of that service expires, so nothing that somebody owns may be kept there.
 */
export const PERSON_STATE = { service: "chat", unusedMs: 180 * 24 * 60 * 60 * 1000 } as const;
const { service: SERVICE } = PERSON_STATE;
/** Rooms remembered for one person, the latest ones. */
const MAX_MARKS = 100;
const NOTHING: PersonRecord = { settings: new Map(), marks: new Map() };

export class PersonStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Reads the record of a nickname. @throws {Error} If it cannot be read. */
  recall(name: string): Promise<PersonRecord> {
    return this.#state.update(SERVICE, keyOf(name), (value) => ({ result: parse(value) }));
  }

  /**
   * Stores settings, or adds marks to those of other rooms.
   *
   * @throws {Error} If nothing was stored.
   */
  async remember(name: string, { settings, marks }: Partial<PersonRecord>): Promise<void> {
    await this.#state.update(SERVICE, keyOf(name), (value) => {
      const known = parse(value);
      const next = format({
        settings: settings ?? known.settings,
        marks: marks ? latest(known.marks, marks) : known.marks,
      });
      if (next === format(known)) return { result: undefined };
      return { value: next === format(NOTHING) ? null : next, result: undefined };
    });
  }
}

function keyOf(name: string): string {
  return `person ${nameKey(name)}`;
}

function format({ settings, marks }: PersonRecord): string {
  return JSON.stringify({ settings: [...settings], marks: [...marks] });
}

/** Parses a stored record, leaving out what is malformed. */
function parse(value: string | undefined): PersonRecord {
  if (value === undefined) return NOTHING;
  try {
    const { settings, marks } = JSON.parse(value);
    return {
      settings: new Map(only<string>(settings, (choice) => typeof choice === "string")),
      marks: new Map(only<number>(marks, (seq) => Number.isSafeInteger(seq))),
    };
  } catch {
    return NOTHING;
  }
}

function only<Value>(entries: [string, Value][], isValid: (value: Value) => boolean) {
  return entries.filter(([name, value]) => typeof name === "string" && isValid(value));
}

function latest(known: Marks, marks: Marks): Marks {
  const others = [...known].filter(([room]) => !marks.has(room));
  return new Map([...others, ...marks].slice(-MAX_MARKS));
}
