/**
 * How far a client with an account has read its rooms. The account remembers it, so that rooms are
 * read in all its windows and on all its devices.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { nameKey } from "../../domain/name.ts";
import type { ChatSession } from "../../service/chat/chat_session.ts";
import { rememberMarks, tellRead } from "../../service/chat/person_memory.ts";
import type { Marks } from "../../service/chat/person_store.ts";

/** Marks are stored this long after they have changed, because each client has some. */
const STORE_MS = 60_000;

export class RoomMarks {
  /** Read in this session, by the name of the room. */
  readonly read = new Map<string, number>();
  readonly #clock: Clock;
  /** Read before, by key of the room's name. */
  #before = new Map<string, number>();
  #cancelStoring: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes over what the account remembers. */
  recall(marks: Marks): void {
    this.#before = new Map([...marks].map(([room, seq]) => [nameKey(room), seq]));
  }

  forget(): void {
    this.#before.clear();
    this.read.clear();
  }

  /** The number up to which a room has been read; `undefined` if that is not known. */
  of(room: string): number | undefined {
    return this.#before.get(nameKey(room));
  }

  /** Notes that somebody has read a room up to number `seq`. Does nothing without an account. */
  note(person: ChatSession, room: string, seq: number): void {
    if (person.member.account === undefined || seq <= (this.of(room) ?? 0)) return;
    this.#before.set(nameKey(room), seq);
    this.read.set(room, seq);
    tellRead(person, room, seq);
    this.#cancelStoring ??= this.#clock.after(STORE_MS, () => void this.store(person));
  }

  /** Stores the marks. */
  async store(person: ChatSession): Promise<void> {
    this.#cancelStoring?.();
    this.#cancelStoring = undefined;
    await rememberMarks(person);
  }
}
