/**
 * The accounts of the server. All are in memory; each change is stored before it is made here, as a
 * whole or not at all.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "../name.ts";
import { loadAndFollow, type StateStore } from "../state_store.ts";
import {
  type Account,
  type AccountCertificate,
  type AccountKey,
  formatAccount,
  parseAccount,
} from "./account.ts";
import { type AccountChange, changesBetween } from "./account_change.ts";
import { LoginDelays } from "./login_delays.ts";
import { PasswordHasher } from "./password_hasher.ts";
import { parsePassword, tryPassword } from "./password_rules.ts";
import { DecoyVerifiers } from "./sasl/decoy_verifiers.ts";
import { parseVerifier, type ScramVerifier } from "./sasl/scram_verifier.ts";

/** The service under which accounts are in the state store; the keys are those of the names. */
const SERVICE = "accounts";
/** The service under which the keys of removed accounts are, with the time of their removal. */
const FORMER = "former-accounts";

type Hasher = Pick<PasswordHasher, "hash" | "verify" | "deriveVerifier" | "nothing">;

export interface AccountsOptions {
  readonly state: StateStore;
  /** @default {a new one} */
  readonly hasher?: Hasher;
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

type Secrets = Required<Pick<Account, "passwordHash" | "scramVerifier">>;

export class Accounts {
  readonly #state: StateStore;
  readonly #hasher: Hasher;
  readonly #decoys: DecoyVerifiers;
  readonly #delays: LoginDelays;
  readonly #reserved: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();
  /** Keys of accounts that were removed. Rooms and conversations may still name them. */
  readonly #former = new Set<string>();
  readonly #listeners = new Set<(change: AccountChange) => void>();

  private constructor(options: AccountsOptions, decoys: DecoyVerifiers) {
    const { state, clock = systemClock, hasher, delays, reservedNames = [] } = options;
    this.#state = state;
    this.#clock = clock;
    this.#hasher = hasher ?? new PasswordHasher();
    this.#delays = delays ?? new LoginDelays({ clock });
    this.#reserved = new Set(reservedNames.map(nameKey));
    this.#decoys = decoys;
  }

  /** Loads all accounts. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const { state } = options;
    const accounts = new Accounts(options, await DecoyVerifiers.open(state));
    await loadAndFollow(state, FORMER, (key) => void accounts.#former.add(key));
    await loadAndFollow(state, SERVICE, (key, text) => accounts.#take(key, text));
    return accounts;
  }

  /** For a state store that has none yet. */
  static empty(options: AccountsOptions): Accounts {
    return new Accounts(options, new DecoyVerifiers());
  }

  /** The account of a name, compared without case. */
  find(name: string): Account | undefined {
    return this.#accounts.get(nameKey(name));
  }

  /** All accounts by name. */
  list(): Account[] {
    return [...this.#accounts.values()].sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Calls `listener` after each change, until the function returned is called. */
  onChange(listener: (change: AccountChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    if (this.#accounts.has(key)) throw nameInUse(shown);
    if (this.#former.has(key) && !isTrusted) throw formerName(shown);
    if (!isTrusted) this.#delays.beginRegistration(address);
    const known = password === undefined
      ? { keys: [proof as AccountKey] }
      : await this.#derive(password, isTrusted);
    const account: Account = {
      name: shown,
      key,
      isOperator,
      createdAt: this.#clock.now(),
      ...known,
    };
    await this.#change(key, "added", (old) => {
      if (old) throw nameInUse(shown);
      return account;
    });
    if (!isTrusted) this.#delays.remember(key, address);
    return account;
  }

  /**
   * Checks a name and its password. A name without an account gets the same refusal in the same
   * time.
   *
   * @param address IP address of the peer, if it has one.
   * @throws {DomainError} `bad-name`, `wrong-password`, `slow-down`.
   */
  async logIn(name: string, password: string, address?: string): Promise<Account> {
    const key = nameKey(parseName(name, NICKNAME_RULES));
    using attempt = this.#delays.begin(key, address);
    const account = this.#accounts.get(key);
    const normal = tryPassword(password);
    let isRight: boolean;
    try {
      const hash = account?.passwordHash ?? this.#hasher.nothing;
      isRight = await this.#hasher.verify(normal ?? "", hash, { isTrusted: attempt.isKnown });
    } catch (error) {
      attempt.withdraw();
      throw error;
    }
    // The account may have been removed meanwhile, or have got another password.
    const current = this.#accounts.get(key);
    const isCurrent = current !== undefined && current.passwordHash === account?.passwordHash;
    if (!isRight || !isCurrent || normal === undefined) throw wrongPassword();
    attempt.succeed();
    return current.scramVerifier === undefined ? await this.#addVerifier(current, normal) : current;
  }

  /**
   * What a client needs to know of an account to log in with SCRAM. A name without a password gets
   * a verifier that no proof fits.
   *
   * @returns `undefined` if the account has none yet; logging in with the password makes one.
   * @throws {DomainError} `bad-name`.
   */
  scramVerifier(name: string): ScramVerifier | undefined {
    const key = nameKey(parseName(name, NICKNAME_RULES));
    const account = this.#accounts.get(key);
    if (account?.passwordHash === undefined) return this.#decoys.of(key);
    return parseVerifier(account.scramVerifier ?? "");
  }

  /**
   * As {@linkcode logIn}, by a proof of the password.
   *
   * @param isProven Whether the proof fits the verifier, which may have changed since it was asked
   * for.
   * @throws {DomainError} `bad-name`, `wrong-password`, `slow-down`.
   */
  logInByProof(
    name: string,
    isProven: (verifier: ScramVerifier) => boolean,
    address?: string,
  ): Account {
    const key = nameKey(parseName(name, NICKNAME_RULES));
    using attempt = this.#delays.begin(key, address);
    const verifier = this.scramVerifier(name);
    const account = this.#accounts.get(key);
    if (!verifier || !isProven(verifier) || !account) throw wrongPassword();
    attempt.succeed();
    return account;
  }

  /**
   * Sets a new password. The caller has made sure that this is allowed.
   *
   * @throws {DomainError} `no-such-person`, `bad-password`, `slow-down`.
   */
  async setPassword(name: string, password: string): Promise<Account> {
    const account = this.#require(name);
    const secrets = await this.#derive(parsePassword(password), true);
    return await this.#update(account, "password", () => secrets);
  }

  /** Gives or takes the power over the server. @throws {DomainError} `no-such-person`. */
  async setOperator(name: string, isOperator: boolean): Promise<Account> {
    return await this.#update(this.#require(name), "operator", () => ({ isOperator }));
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
    return await this.#update(this.#require(name), "keys", toChange);
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
    return await this.#update(this.#require(name), "certificates", ({ certificates = [] }) => ({
      certificates: change(certificates),
    }));
  }

  /**
   * Removes an account; guests can use its name then, but not register it.
   *
   * @throws {DomainError} `no-such-person`.
   */
  async remove(name: string): Promise<Account> {
    const { key } = this.#require(name);
    // Stored before the removal, in the order of the calls, so that the name is never free.
    const now = `${this.#clock.now()}`;
    const noted = this.#state.update(FORMER, key, () => ({ value: now, result: undefined }));
    this.#former.add(key);
    const removal = this.#change(key, "removed", (old) => {
      if (!old) throw noSuchAccount(name);
      return null;
    });
    const [removed] = await Promise.all([removal, noted]);
    return removed;
  }

  /** What is kept of a new password. */
  async #derive(password: string, isTrusted: boolean): Promise<Secrets> {
    const [passwordHash, scramVerifier] = await Promise.all([
      this.#hasher.hash(password, { isTrusted }),
      this.#hasher.deriveVerifier(password, { isTrusted }),
    ]);
    return { passwordHash, scramVerifier };
  }

  /** For an account from before SCRAM. If it fails, the next log-in tries again. */
  async #addVerifier(account: Account, password: string): Promise<Account> {
    try {
      const scramVerifier = await this.#hasher.deriveVerifier(password, { isTrusted: true });
      return await this.#update(account, "verifier", ({ passwordHash }) =>
        // The password may have changed meanwhile.
        passwordHash === account.passwordHash ? { scramVerifier } : {});
    } catch (error) {
      log("accounts").warning("Cannot add a SCRAM verifier to an account: {error}", { error });
      return account;
    }
  }

  #require(name: string): Account {
    const account = this.find(name);
    if (!account) throw noSuchAccount(name);
    return account;
  }

  #update(
    { key, name }: Account,
    kind: AccountChange["kind"],
    change: (old: Account) => Partial<Account>,
  ): Promise<Account> {
    return this.#change(key, kind, (old) => {
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
  async #change(
    key: string,
    kind: AccountChange["kind"],
    change: (old: Account | undefined) => Account | null,
  ): Promise<Account> {
    const { before, after } = await this.#state.update(SERVICE, key, (text) => {
      const before = text === undefined ? undefined : load([key, text])[1];
      const after = change(before);
      return { value: after && formatAccount(after), result: { before, after } };
    });
    // Changes of one account are settled in the order in which they were stored.
    const account = (after ?? before)!;
    this.#settle({ kind, account, before });
    return account;
  }

  /** Takes over what is stored under a key: at the start, or when another node changed it. */
  #take(key: string, text: string | null): void {
    const after = text === null ? undefined : load([key, text])[1];
    const changes = changesBetween(this.#accounts.get(key), after);
    for (const change of changes) this.#settle({ ...change, isElsewhere: true });
    if (after) this.#accounts.set(key, after);
  }

  #settle(change: AccountChange): void {
    const { kind, account } = change;
    if (kind === "removed") this.#accounts.delete(account.key);
    else this.#accounts.set(account.key, account);
    // Somebody else may have used the old password from an address that is known.
    if (kind === "removed" || kind === "password") this.#delays.forget(account.key);
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        log("accounts").error("Cannot tell of a changed account: {error}", { error });
      }
    }
  }
}

/** An account that cannot be read keeps its name, and nobody can log in. */
function load([key, text]: [string, string]): [string, Account] {
  try {
    return [key, parseAccount(key, text)];
  } catch (error) {
    const message = `The account ${key} is damaged: ${(error as Error).message}. ` +
      `Remove it with "partyline account remove ${key}" and add it again.`;
    log("accounts").error("{message}", { message });
    return [key, { name: key, key, isOperator: false, createdAt: 0 }];
  }
}

function nameInUse(name: string): DomainError {
  return new DomainError(
    "name-in-use",
    `There already is an account ${name}, or one that looks like it. Choose another name.`,
  );
}

function formerName(name: string): DomainError {
  return new DomainError(
    "name-reserved",
    `There was an account ${name} before. Choose another name, or ask an operator to add it again.`,
  );
}

function noSuchAccount(name: string): DomainError {
  return new DomainError("no-such-person", `There is no account ${name}. Check the spelling.`);
}

function wrongPassword(): DomainError {
  return new DomainError(
    "wrong-password",
    "Wrong name or password. Try again, or ask an operator for a new password.",
  );
}
