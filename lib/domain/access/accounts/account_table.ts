/**
 * All accounts, in memory and in the state store: each change is stored before it is made here, as a
 * whole or not at all, and then told to those who follow.
 *
 * @module
 */

import { log } from "../../../log.ts";
import { DomainError } from "../../domain_error.ts";
import { loadAndFollow, type StateStore } from "../../state_store.ts";
import { type Account, formatAccount, parseAccount } from "./account.ts";
import { type AccountChange, changesBetween } from "./account_change.ts";

/** The service under which accounts are in the state store; the keys are those of the names. */
const SERVICE = "accounts";
/** The service under which the keys of removed accounts are, with the time of their removal. */
const FORMER = "former-accounts";

export class AccountTable {
  readonly #state: StateStore;
  readonly #accounts = new Map<string, Account>();
  /** Keys of accounts that were removed. Rooms and conversations may still name them. */
  readonly #former = new Set<string>();
  readonly #listeners = new Set<(change: AccountChange) => void>();

  /** Without any accounts; see {@linkcode AccountTable.load}. */
  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Loads all accounts, and follows their changes. */
  async load(): Promise<void> {
    await loadAndFollow(this.#state, FORMER, (key) => void this.#former.add(key));
    await loadAndFollow(this.#state, SERVICE, (key, text) => this.#take(key, text));
  }

  /** The account with a key. */
  find(key: string): Account | undefined {
    return this.#accounts.get(key);
  }

  /** As {@linkcode AccountTable.find}. @throws {DomainError} `no-such-person`. */
  require(key: string, name: string): Account {
    const account = this.#accounts.get(key);
    if (!account) throw noSuchAccount(name);
    return account;
  }

  /** All accounts by name. */
  list(): Account[] {
    return [...this.#accounts.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Whether an account with a key was removed. */
  isFormer(key: string): boolean {
    return this.#former.has(key);
  }

  /** Calls `listener` after each change, until the function returned is called. */
  onChange(listener: (change: AccountChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Changes some of an account.
   *
   * @throws {DomainError} `no-such-person`, and what `change` throws.
   */
  update(
    { key, name }: Account,
    kind: AccountChange["kind"],
    change: (old: Account) => Partial<Account>,
  ): Promise<Account> {
    return this.change(key, kind, (old) => {
      if (!old) throw noSuchAccount(name);
      return { ...old, ...change(old) };
    });
  }

  /**
   * Changes an account, first on disk and then here.
   *
   * @param change Returns the new account, or `null` to remove it.
   * @returns The new account, or the one that was removed.
   */
  async change(
    key: string,
    kind: AccountChange["kind"],
    change: (old: Account | undefined) => Account | null,
  ): Promise<Account> {
    const { before, after } = await this.#state.update(SERVICE, key, (text) => {
      const before = text === undefined ? undefined : load(key, text);
      const after = change(before);
      return { value: after && formatAccount(after), result: { before, after } };
    });
    // Changes of one account are settled in the order in which they were stored.
    const account = (after ?? before)!;
    this.#settle({ kind, account, before });
    return account;
  }

  /** Removes an account, and notes the time: its name is not free for everybody then. */
  async remove({ key, name }: Account, now: number): Promise<Account> {
    // Stored before the removal, in the order of the calls, so that the name is never free.
    const noted = this.#state.update(FORMER, key, () => ({ value: `${now}`, result: undefined }));
    this.#former.add(key);
    const removal = this.change(key, "removed", (old) => {
      if (!old) throw noSuchAccount(name);
      return null;
    });
    const [removed] = await Promise.all([removal, noted]);
    return removed;
  }

  /** Takes over what is stored under a key: at the start, or when another node changed it. */
  #take(key: string, text: string | null): void {
    const after = text === null ? undefined : load(key, text);
    const changes = changesBetween(this.#accounts.get(key), after);
    for (const change of changes) this.#settle({ ...change, isElsewhere: true });
    if (after) this.#accounts.set(key, after);
  }

  #settle(change: AccountChange): void {
    const { kind, account } = change;
    if (kind === "removed") this.#accounts.delete(account.key);
    else this.#accounts.set(account.key, account);
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        log("accounts").error("Cannot announce a changed account: {error}", { error });
      }
    }
  }
}

/** An account that cannot be read keeps its name, and nobody can log in. */
function load(key: string, text: string): Account {
  try {
    return parseAccount(key, text);
  } catch (error) {
    const message = `The account ${key} is damaged: ${(error as Error).message}. ` +
      `Remove it with "partyline account remove ${key}" and add it again.`;
    log("accounts").error("{message}", { message });
    return { name: key, key, isOperator: false, createdAt: 0 };
  }
}

/** The error for an account that does not exist. */
export function noSuchAccount(name: string): DomainError {
  return new DomainError("no-such-person", `There is no account ${name}. Check the spelling.`);
}
