/**
 * The passwords of all accounts: what is kept of one, and logging in with it. Whether an account
 * exists is not told.
 *
 * @module
 */

import { log } from "../../../log.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey, NICKNAME_RULES, parseName } from "../../name.ts";
import type { DecoyVerifiers } from "../login/decoy_verifiers.ts";
import type { LoginDelays } from "../login/login_delays.ts";
import type { PasswordHasher } from "../login/password_hasher.ts";
import { tryPassword } from "../login/password_rules.ts";
import { parseVerifier, type ScramVerifier } from "../login/scram_verifier.ts";
import type { Account } from "./account.ts";
import type { AccountTable } from "./account_table.ts";

export type AccountHasher = Pick<PasswordHasher, "hash" | "verify" | "deriveVerifier" | "nothing">;

export interface AccountPasswordsOptions {
  readonly table: AccountTable;
  readonly hasher: AccountHasher;
  readonly delays: LoginDelays;
  readonly decoys: DecoyVerifiers;
}

/** What is kept of a password. */
export type Secrets = Required<Pick<Account, "passwordHash" | "scramVerifier">>;

export class AccountPasswords {
  readonly #table: AccountTable;
  readonly #hasher: AccountHasher;
  readonly #delays: LoginDelays;
  readonly #decoys: DecoyVerifiers;

  constructor({ table, hasher, delays, decoys }: AccountPasswordsOptions) {
    this.#table = table;
    this.#hasher = hasher;
    this.#delays = delays;
    this.#decoys = decoys;
    table.onChange(({ kind, account }) => {
      // Somebody else may have used the old password from an address that is known.
      if (kind === "removed" || kind === "password") delays.forget(account.key);
    });
  }

  /** What is kept of a new password. */
  async derive(password: string, isTrusted: boolean): Promise<Secrets> {
    const [passwordHash, scramVerifier] = await Promise.all([
      this.#hasher.hash(password, { isTrusted }),
      this.#hasher.deriveVerifier(password, { isTrusted }),
    ]);
    return { passwordHash, scramVerifier };
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
    const account = this.#table.find(key);
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
    const current = this.#table.find(key);
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
  verifierOf(name: string): ScramVerifier | undefined {
    const key = nameKey(parseName(name, NICKNAME_RULES));
    const account = this.#table.find(key);
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
    const verifier = this.verifierOf(name);
    const account = this.#table.find(key);
    if (!verifier || !isProven(verifier) || !account) throw wrongPassword();
    attempt.succeed();
    return account;
  }

  /** For an account from before SCRAM. If it fails, the next log-in tries again. */
  async #addVerifier(account: Account, password: string): Promise<Account> {
    try {
      const scramVerifier = await this.#hasher.deriveVerifier(password, { isTrusted: true });
      return await this.#table.update(account, "verifier", ({ passwordHash }) =>
        // The password may have changed meanwhile.
        passwordHash === account.passwordHash ? { scramVerifier } : {});
    } catch (error) {
      log("accounts").warning("Cannot add a SCRAM verifier to an account: {error}", { error });
      return account;
    }
  }
}

function wrongPassword(): DomainError {
  return new DomainError(
    "wrong-password",
    "Wrong name or password. Try again, or ask an operator for a new password.",
  );
}
