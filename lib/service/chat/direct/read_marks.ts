/**
 * How far each account has read its conversations. Belongs to the account, so unlike the marks of
 * names it is kept for as long as there is an account to have it.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import type { StateStore } from "../../../domain/state_store.ts";
import { log } from "../../../log.ts";

/** Where the marks are in the state store; the keys are those of the accounts. */
const SERVICE = "direct";
/** Marks are stored this long after they have changed. After a crash, that much is unread again. */
const DELAY_MS = 2000;

/** A session of an account that shows its conversations. */
export interface MarkListener {
  /** Called when the account has read a conversation further, in whichever of its sessions. */
  readTo(partner: string, seq: number): void;
}

/** The marks of one account, shared by its sessions. */
export class AccountMarks<Listener extends MarkListener = MarkListener> {
  /** By key of the other account. They only ever rise. */
  readonly marks = new Map<string, number>();
  readonly listeners = new Set<Listener>();
  isChanged = false;

  /** The `seq` up to which a conversation has been read. */
  of(partner: string): number {
    return this.marks.get(partner) ?? 0;
  }
}

export interface ReadMarksOptions {
  readonly state: StateStore;
  readonly clock: Clock;
}

/** The marks of all accounts that are here. */
export class ReadMarks<Listener extends MarkListener = MarkListener> {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #accounts = new Map<string, AccountMarks<Listener>>();
  readonly #timers = new Map<string, () => void>();

  constructor({ state, clock }: ReadMarksOptions) {
    this.#state = state;
    this.#clock = clock;
    state.follow(SERVICE, (account, value) => this.#follow(account, value));
  }

  /** The sessions of an account that are here. */
  listeners(account: string): Iterable<Listener> {
    return this.#accounts.get(account)?.listeners ?? [];
  }

  /** Adds a session; resolves to its account's marks once those of before have been read. */
  async enter(account: string, listener: Listener): Promise<AccountMarks<Listener>> {
    const marks = this.#accounts.get(account) ?? new AccountMarks<Listener>();
    this.#accounts.set(account, marks);
    marks.listeners.add(listener);
    try {
      const stored = await this.#state.update(SERVICE, account, (value) => ({ result: value }));
      raise(marks.marks, parse(stored));
    } catch (error) {
      log("chat").warning("Cannot read how far conversations were read: {error}", { error });
    }
    return marks;
  }

  /** Removes a session; the marks are stored once its account has no other. */
  async leave(account: string, listener: Listener): Promise<void> {
    const marks = this.#accounts.get(account);
    if (!marks?.listeners.delete(listener) || marks.listeners.size > 0) return;
    this.#accounts.delete(account);
    await this.#store(account, marks);
  }

  /** Notes that an account has read a conversation up to number `seq`. */
  readTo(account: string, partner: string, seq: number): void {
    const marks = this.#accounts.get(account);
    if (!marks || seq <= marks.of(partner)) return;
    this.#raise(marks, partner, seq);
    marks.isChanged = true;
    if (this.#timers.has(account)) return;
    this.#timers.set(account, this.#clock.after(DELAY_MS, () => this.#store(account, marks)));
  }

  /** Takes over how far an account has read at another node. */
  #follow(account: string, value: string | null): void {
    const marks = this.#accounts.get(account);
    if (!marks) return;
    for (const [partner, seq] of parse(value ?? undefined)) {
      if (seq > marks.of(partner)) this.#raise(marks, partner, seq);
    }
  }

  #raise(marks: AccountMarks<Listener>, partner: string, seq: number): void {
    marks.marks.set(partner, seq);
    for (const listener of marks.listeners) listener.readTo(partner, seq);
  }

  async #store(account: string, marks: AccountMarks<Listener>): Promise<void> {
    this.#timers.get(account)?.();
    this.#timers.delete(account);
    if (!marks.isChanged) return;
    marks.isChanged = false;
    try {
      await this.#state.update(SERVICE, account, (value) => {
        const all = new Map(parse(value));
        raise(all, marks.marks);
        return { value: JSON.stringify([...all]), result: undefined };
      });
    } catch (error) {
      marks.isChanged = true;
      log("chat").warning("Cannot save how far conversations were read: {error}", { error });
    }
  }
}

function raise(marks: Map<string, number>, others: Iterable<readonly [string, number]>): void {
  for (const [partner, seq] of others) {
    if (seq > (marks.get(partner) ?? 0)) marks.set(partner, seq);
  }
}

/** Parses stored marks, leaving out what is malformed. */
function parse(value: string | undefined): [string, number][] {
  try {
    const marks: [string, number][] = JSON.parse(value ?? "[]");
    return marks.filter(([partner, seq]) =>
      typeof partner === "string" && Number.isSafeInteger(seq)
    );
  } catch {
    return [];
  }
}
