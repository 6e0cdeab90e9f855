/**
 * The API tokens of all accounts: who acts with a secret, and creating and revoking them. They are
 * kept in `api_token_table.ts`.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import type { Asker } from "../../asker.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey, parseName } from "../../name.ts";
import type { StateStore } from "../../state_store.ts";
import type { LoginDelays } from "../login/login_delays.ts";
import { RecentEntries } from "../login/recent_entries.ts";
import type { Account } from "./account.ts";
import { noSuchAccount } from "./account_table.ts";
import type { Accounts } from "./accounts.ts";
import { type ApiToken, hashSecret, newSecret, type StoredToken } from "./api_token.ts";
import { ApiTokenTable } from "./api_token_table.ts";

const LABEL_RULES = { subject: "Labels", maxLength: 32 };
/** Most tokens of an account, and most rooms that a token names. */
const MOST_TOKENS = 50;
const MOST_ROOMS = 50;
/** Wrong secrets remembered: a program that sends a revoked one again and again guesses nothing. */
const MOST_WRONG = 1000;
/** Stands for an account where log-ins are delayed; no name has a space. */
const NO_ACCOUNT = "any token";

export interface TokensOptions {
  readonly state: StateStore;
  readonly accounts: Pick<Accounts, "find" | "onChange">;
  /** Wrong tokens count there. @default {they do not count} */
  readonly delays?: Pick<LoginDelays, "begin">;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class Tokens {
  readonly #table: ApiTokenTable;
  readonly #accounts: Pick<Accounts, "find" | "onChange">;
  readonly #delays: Pick<LoginDelays, "begin"> | undefined;
  readonly #clock: Clock;
  readonly #wrong = new RecentEntries<true>(MOST_WRONG);

  /** Without any tokens; see {@linkcode Tokens.open}. */
  constructor({ state, accounts, delays, clock = systemClock }: TokensOptions) {
    this.#table = new ApiTokenTable({ state, accounts, clock });
    this.#accounts = accounts;
    this.#delays = delays;
    this.#clock = clock;
  }

  /** Loads all tokens. */
  static async open(options: TokensOptions): Promise<Tokens> {
    const tokens = new Tokens(options);
    await tokens.#table.load();
    return tokens;
  }

  /**
   * Who acts with a secret; `undefined` if it is that of no token. Finding it takes as long for a
   * wrong secret as for a right one, because hashes are compared.
   */
  ask(secret: string): Asker | undefined {
    const live = this.#table.find(hashSecret(secret));
    if (!live) return undefined;
    this.#table.noteUse(live);
    return live.asker;
  }

  /**
   * Who acts with a secret. A wrong one counts as a failed log-in from the address.
   *
   * @throws {DomainError} `wrong-token`.
   */
  require(secret: string, address?: string): Asker {
    const asker = this.ask(secret);
    if (asker) return asker;
    this.#noteFailure(secret, address);
    throw wrongToken();
  }

  /** The tokens of an account, in the order in which they were created. */
  list(account: string): readonly ApiToken[] {
    return this.#table.list(account);
  }

  /**
   * Creates a token, and returns its secret, which cannot be found out later.
   *
   * @param rooms As `parseRoomName` returns them; empty for all that the account may use.
   * @throws {DomainError} `no-such-person`, `bad-name`, `name-in-use`, `too-many-tokens`.
   */
  async create(owner: string, label: string, rooms: readonly string[] = []): Promise<string> {
    const account = this.#requireAccount(owner);
    const shown = parseName(label, LABEL_RULES);
    if (rooms.length > MOST_ROOMS) {
      throw new DomainError(
        "too-many-rooms",
        `A token can name up to ${MOST_ROOMS} rooms. Name fewer, or none for all your rooms.`,
      );
    }
    const secret = newSecret();
    const token: StoredToken = {
      label: shown,
      hash: hashSecret(secret),
      rooms: rooms.length > 0 ? rooms : undefined,
      createdAt: this.#clock.now(),
    };
    await this.#table.change(account, (tokens) => {
      if (tokens.some(({ label }) => nameKey(label) === nameKey(shown))) throw labelInUse(shown);
      if (tokens.length >= MOST_TOKENS) throw tooMany();
      return [...tokens, token];
    });
    return secret;
  }

  /**
   * Revokes a token: whatever acts with it is stopped.
   *
   * @throws {DomainError} `no-such-person`, `no-such-token`.
   */
  async revoke(owner: string, label: string): Promise<ApiToken> {
    const account = this.#requireAccount(owner);
    const key = nameKey(label);
    let revoked: ApiToken | undefined;
    await this.#table.change(account, (tokens) => {
      revoked = tokens.find(({ label }) => nameKey(label) === key);
      if (!revoked) throw noSuchToken(account, label);
      return tokens.filter((token) => token !== revoked);
    });
    return revoked!;
  }

  /** As {@linkcode ApiTokenTable.settled}. */
  settled(): Promise<void> {
    return this.#table.settled();
  }

  #requireAccount(name: string): Account {
    const account = this.#accounts.find(name);
    if (account) return account;
    throw noSuchAccount(name);
  }

  #noteFailure(secret: string, address: string | undefined): void {
    const hash = hashSecret(secret);
    const isKnown = this.#wrong.get(hash);
    this.#wrong.set(hash, true);
    if (isKnown) return;
    try {
      using _attempt = this.#delays?.begin(NO_ACCOUNT, address);
    } catch (error) {
      // The address is delayed already.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

function wrongToken(): DomainError {
  return new DomainError(
    "wrong-token",
    "The token is wrong, or has been revoked. Create a new one with /token new in the chat.",
  );
}

function labelInUse(label: string): DomainError {
  return new DomainError(
    "name-in-use",
    `There is already a token ${label}. Choose another label, or revoke that one first.`,
  );
}

function tooMany(): DomainError {
  return new DomainError(
    "too-many-tokens",
    `An account can have ${MOST_TOKENS} tokens. Revoke one that is no longer used first.`,
  );
}

function noSuchToken({ name }: Account, label: string): DomainError {
  return new DomainError("no-such-token", `${name} has no token ${label}. List them first.`);
}
