/**
 * What the chat remembers about people between visits: their settings, how far they have read each
 * room, whom an account ignores, and its preferences. What belongs to a guest is stored by nickname,
 * which anybody could take.
 *
 * @module
 */

import type { Asker } from "../../domain/asker.ts";
import { nameKey } from "../../domain/name.ts";
import type { StateStore } from "../../domain/state_store.ts";

/** The `seq` of the last event somebody was shown, by room name. */
export type Marks = ReadonlyMap<string, number>;

export interface PersonRecord {
  /** Chosen settings, by name, as written in `/set`. */
  readonly settings: ReadonlyMap<string, string>;
  readonly marks: Marks;
  /**
   * Times of the messages that were read last, in milliseconds since 1970, as clients tell that know
   * no numbers; by `#` and a room's key or `@` and an account's. Always empty for guests.
   */
  readonly readTimes: ReadonlyMap<string, number>;
  /** Keys of ignored names; always empty for guests. */
  readonly ignored: ReadonlySet<string>;
  /** The preferences of an account, as JSON; `""` if there are none, as for guests. */
  readonly preferences: string;
}

/** Whose record it is: that of the account, or of the nickname of a guest. */
export type Owner = Pick<Asker, "nickname" | "account">;

/**
 * Where the records of guests are in the state store, and how long they outlast the last visit. All
 * state of that service expires, so nothing that somebody owns may be kept there.
 */
export const PERSON_STATE = { service: "chat", unusedMs: 180 * 24 * 60 * 60 * 1000 } as const;
/** The service of records that belong to accounts, and do not expire; the keys are theirs. */
const ACCOUNT_SERVICE = "account-records";
/** Rooms and people remembered for one person, the latest ones. */
const MAX_MARKS = 100;
const NOTHING: PersonRecord = {
  settings: new Map(),
  marks: new Map(),
  readTimes: new Map(),
  ignored: new Set(),
  preferences: "",
};

export class PersonStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Reads somebody's record. @throws {Error} If it cannot be read. */
  recall(owner: Owner): Promise<PersonRecord> {
    return this.#state.update(...placeOf(owner), (value) => ({ result: parse(value) }));
  }

  /**
   * Stores settings or what belongs to an account, or adds marks to those of other rooms.
   *
   * @returns Whether that changed something.
   * @throws {Error} If nothing was stored.
   */
  async remember(owner: Owner, record: Partial<PersonRecord>): Promise<boolean> {
    const { settings, marks, readTimes, ignored, preferences } = record;
    const isGuest = owner.account === undefined;
    return await this.#state.update(...placeOf(owner), (value) => {
      const known = parse(value);
      const next = format({
        settings: settings ?? known.settings,
        marks: marks ? latest(known.marks, marks) : known.marks,
        readTimes: readTimes && !isGuest ? latest(known.readTimes, readTimes) : known.readTimes,
        ignored: (isGuest ? undefined : ignored) ?? known.ignored,
        preferences: (isGuest ? undefined : preferences) ?? known.preferences,
      });
      if (next === format(known)) return { result: false };
      return { value: next === format(NOTHING) ? null : next, result: true };
    });
  }

  /**
   * Tells a listener of marks of an account that another node has raised, and of its preferences if
   * they have changed there.
   */
  onMarks(listener: (account: string, raised: Marks, preferences?: string) => void): void {
    this.#state.follow(ACCOUNT_SERVICE, (account, value, was) => {
      const before = parse(was ?? undefined);
      const { marks, preferences } = parse(value ?? undefined);
      const raised = [...marks].filter(([room, seq]) => seq > (before.marks.get(room) ?? 0));
      const changed = preferences === before.preferences ? undefined : preferences;
      if (raised.length > 0 || changed) listener(account, new Map(raised), changed);
    });
  }

  /** Forgets everything about an account that was removed. @throws {Error} If it was not stored. */
  async forget(account: string): Promise<void> {
    await this.#state.update(ACCOUNT_SERVICE, account, () => ({ value: null, result: undefined }));
  }
}

function placeOf({ account, nickname }: Owner): [service: string, key: string] {
  return account === undefined
    ? [PERSON_STATE.service, `person ${nameKey(nickname)}`]
    : [ACCOUNT_SERVICE, account];
}

function format({ settings, marks, readTimes, ignored, preferences }: PersonRecord): string {
  return JSON.stringify({
    settings: [...settings],
    marks: [...marks],
    readTimes: readTimes.size > 0 ? [...readTimes] : undefined,
    ignored: ignored.size > 0 ? [...ignored] : undefined,
    preferences: preferences || undefined,
  });
}

/** Parses a stored record, leaving out what is malformed. */
function parse(value: string | undefined): PersonRecord {
  if (value === undefined) return NOTHING;
  try {
    const { settings, marks, readTimes = [], ignored = [], preferences } = JSON.parse(value);
    return {
      settings: new Map(only<string>(settings, (choice) => typeof choice === "string")),
      marks: new Map(only<number>(marks, (seq) => Number.isSafeInteger(seq))),
      readTimes: new Map(only<number>(readTimes, (at) => Number.isSafeInteger(at))),
      ignored: new Set(ignored.filter((key: unknown) => typeof key === "string")),
      preferences: typeof preferences === "string" ? preferences : "",
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
  // Another session may have read further.
  const raised = [...marks].map(([room, seq]) =>
    [room, Math.max(seq, known.get(room) ?? 0)] as const
  );
  return new Map([...others, ...raised].slice(-MAX_MARKS));
}
