/**
 * The accounts of the server: who may create, change and remove one. They are kept in
 * `account_table.ts`.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "../../name.ts";
import type { StateStore } from "../../state_store.ts";
import { DecoyVerifiers } from "../login/decoy_verifiers.ts";
import { LoginDelays } from "../login/login_delays.ts";
import { PasswordHasher } from "../login/password_hasher.ts";
import { parsePassword } from "../login/password_rules.ts";
import type { Account, AccountCertificate, AccountKey } from "./account.ts";
import type { AccountChange } from "./account_change.ts";
import { type AccountHasher, AccountPasswords } from "./account_passwords.ts";
import { AccountTable } from "./account_table.ts";

export interface AccountsOptions {
  readonly state: StateStore;
  /** @default {a new one} */
  readonly hasher?: AccountHasher;
  /** @default {new ones} */
  readonly delays?: LoginDelays;
  /** Names that nobody may have, because they would look like the server's. */
  readonly reservedNames?: readonly string[];
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export interface RegisterOptions {
  /** @default {false} */
  readonly isOperator?: boolean;
  /** Where the person is who registers. Creating many accounts from one address is delayed. */
  readonly address?: string;
  /** Whether an operator does it, who is never delayed. */
  readonly isTrusted?: boolean;
}

export class Accounts {
  /** Logs people in with their passwords. */
  readonly passwords: AccountPasswords;
  readonly #table: AccountTable;
  readonly #delays: LoginDelays;
  readonly #reserved: ReadonlySet<string>;
  readonly #clock: Clock;

  private constructor(options: AccountsOptions, table: AccountTable, decoys: DecoyVerifiers) {
    const { clock = systemClock, hasher = new PasswordHasher(), reservedNames = [] } = options;
    const { delays = new LoginDelays({ clock }) } = options;
    this.passwords = new AccountPasswords({ table, hasher, delays, decoys });
    this.#table = table;
    this.#delays = delays;
    this.#reserved = new Set(reservedNames.map(nameKey));
    this.#clock = clock;
  }

  /** Loads all accounts. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const { state } = options;
    const table = new AccountTable(state);
    const accounts = new Accounts(options, table, await DecoyVerifiers.open(state));
    await table.load();
    return accounts;
  }

  /** For a state store that has none yet. */
  static empty(options: AccountsOptions): Accounts {
    return new Accounts(options, new AccountTable(options.state), new DecoyVerifiers());
  }

  /** The account of a name, compared without case. */
  find(name: string): Account | undefined {
    return this.#table.find(nameKey(name));
  }

  /** All accounts by name. */
  list(): Account[] {
    return this.#table.list();
  }

  /** As {@linkcode AccountTable.onChange}. */
  onChange(listener: (change: AccountChange) => void): () => void {
    return this.#table.onChange(listener);
  }

  /**
   * Creates an account. Only an operator can give away the name of an account that was removed,
   * because its new owner could read what was meant for the old one.
   *
   * @param proof The password, or the key that takes its place.
   * @throws {DomainError} `bad-name`, `name-reserved`, `name-in-use`, `bad-password`, `slow-down`.
   */
  async register(
    name: string,
    proof: string | AccountKey,
    { isOperator = false, address, isTrusted = false }: RegisterOptions = {},
  ): Promise<Account> {
    const shown = parseName(name, NICKNAME_RULES);
    const key = nameKey(shown);
    if (this.#reserved.has(key)) {
      throw new DomainError("name-reserved", `The name ${shown} is reserved. Choose another.`);
    }
    const password = typeof proof === "string" ? parsePassword(proof) : undefined;
    if (this.#table.find(key)) throw nameInUse(shown);
    if (this.#table.isFormer(key) && !isTrusted) throw formerName(shown);
    if (!isTrusted) this.#delays.beginRegistration(address);
    const known = password === undefined
      ? { keys: [proof as AccountKey] }
      : await this.passwords.derive(password, isTrusted);
    const account: Account = {
      name: shown,
      key,
      isOperator,
      createdAt: this.#clock.now(),
      ...known,
    };
    await this.#table.change(key, "added", (old) => {
      if (old) throw nameInUse(shown);
      return account;
    });
    if (!isTrusted) this.#delays.remember(key, address);
    return account;
  }

  /**
   * Sets a new password. The caller has made sure that this is allowed.
   *
   * @throws {DomainError} `no-such-person`, `bad-password`, `slow-down`.
   */
  async setPassword(name: string, password: string): Promise<Account> {
    const account = this.#require(name);
    const secrets = await this.passwords.derive(parsePassword(password), true);
    return await this.#table.update(account, "password", () => secrets);
  }

  /** Gives or takes the power over the server. @throws {DomainError} `no-such-person`. */
  async setOperator(name: string, isOperator: boolean): Promise<Account> {
    return await this.#table.update(this.#require(name), "operator", () => ({ isOperator }));
  }

  /**
   * Changes the keys of an account.
   *
   * @param change Gets the keys, and the account that has them, and returns the new ones. An
   * exception refuses the change.
   * @throws {DomainError} `no-such-person`, and what `change` throws.
   */
  async setKeys(
    name: string,
    change: (keys: readonly AccountKey[], account: Account) => readonly AccountKey[],
  ): Promise<Account> {
    const toChange = (account: Account) => ({ keys: change(account.keys ?? [], account) });
    return await this.#table.update(this.#require(name), "keys", toChange);
  }

  /**
   * Changes the certificates of an account.
   *
   * @param change Gets them and returns the new ones. An exception refuses the change.
   * @throws {DomainError} `no-such-person`, and what `change` throws.
   */
  async setCertificates(
    name: string,
    change: (certificates: readonly AccountCertificate[]) => readonly AccountCertificate[],
  ): Promise<Account> {
    return await this.#table.update(
      this.#require(name),
      "certificates",
      ({ certificates = [] }) => ({
        certificates: change(certificates),
      }),
    );
  }

  /**
   * Removes an account; guests can use its name then, but not register it.
   *
   * @throws {DomainError} `no-such-person`.
   */
  async remove(name: string): Promise<Account> {
    return await this.#table.remove(this.#require(name), this.#clock.now());
  }

  #require(name: string): Account {
    return this.#table.require(nameKey(name), name);
  }
}

function nameInUse(name: string): DomainError {
  return new DomainError(
    "name-in-use",
    `There is already an account ${name}, or one that looks like it. Choose another name.`,
  );
}

function formerName(name: string): DomainError {
  return new DomainError(
    "name-reserved",
    `There was an account ${name} before. Choose another name, or ask an operator to add it again.`,
  );
}
