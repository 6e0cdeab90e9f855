/**
 * The API tokens of all accounts. All are in memory; each change is stored before it is made here,
 * as a whole or not at all.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey, parseName } from "../name.ts";
import { loadAndFollow, type StateStore } from "../state_store.ts";
import type { Account } from "./account.ts";
import { noSuchAccount } from "./account_table.ts";
import type { Accounts } from "./accounts.ts";
import {
  type ApiToken,
  formatTokens,
  hashSecret,
  newSecret,
  parseTokens,
  type StoredToken,
} from "./api_token.ts";
import type { Asker } from "./asker.ts";
import type { LoginDelays } from "./login_delays.ts";
import { RecentEntries } from "./recent_entries.ts";

/** The service under which tokens are in the state store; the keys are those of the accounts. */
const SERVICE = "tokens";
const LABEL_RULES = { subject: "Labels", maxLength: 32 };
/** Most tokens of an account, and most rooms that a token names. */
const MOST_TOKENS = 50;
const MOST_ROOMS = 50;
/** Wrong secrets remembered: a program that sends a revoked one again and again guesses nothing. */
const MOST_WRONG = 1000;
/** Stands for an account where log-ins are delayed; no name has a space. */
const NO_ACCOUNT = "any token";
const DAY_MS = 24 * 60 * 60 * 1000;

export interface TokensOptions {
  readonly state: StateStore;
  readonly accounts: Pick<Accounts, "find" | "onChange">;
  /** Wrong tokens count there. @default {they do not count} */
  readonly delays?: Pick<LoginDelays, "begin">;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

/** A token in use. */
interface LiveToken {
  token: StoredToken;
  readonly account: Account;
  readonly asker: Asker;
  readonly revocation: AbortController;
}

export class Tokens {
  readonly #state: StateStore;
  readonly #accounts: Pick<Accounts, "find" | "onChange">;
  readonly #delays: Pick<LoginDelays, "begin"> | undefined;
  readonly #clock: Clock;
  readonly #byHash = new Map<string, LiveToken>();
  readonly #byAccount = new Map<string, readonly LiveToken[]>();
  /** Changes that nobody waits for. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #wrong = new RecentEntries<true>(MOST_WRONG);

  /** Without any tokens; see {@linkcode Tokens.open}. */
  constructor({ state, accounts, delays, clock = systemClock }: TokensOptions) {
    this.#state = state;
    this.#accounts = accounts;
    this.#delays = delays;
    this.#clock = clock;
    accounts.onChange(({ kind, account, isElsewhere }) => {
      if (kind !== "removed") return;
      if (isElsewhere) this.#clear(account.key);
      else this.#forget(account.key);
    });
  }

  /** Loads all tokens. */
  static async open(options: TokensOptions): Promise<Tokens> {
    const tokens = new Tokens(options);
    await loadAndFollow(options.state, SERVICE, (key, text) => tokens.#take(key, text));
    return tokens;
  }

  /**
   * Who acts with a secret; `undefined` if it is that of no token. Finding it takes as long for a
   * wrong secret as for a right one, because hashes are compared.
   */
  ask(secret: string): Asker | undefined {
    const live = this.#byHash.get(hashSecret(secret));
    if (!live || this.#accounts.find(live.account.key)?.createdAt !== live.account.createdAt) {
      return undefined;
    }
    this.#noteUse(live);
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
    return (this.#byAccount.get(nameKey(account)) ?? []).map(({ token }) => token);
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
    await this.#change(account, (tokens) => {
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
    await this.#change(account, (tokens) => {
      revoked = tokens.find(({ label }) => nameKey(label) === key);
      if (!revoked) throw noSuchToken(account, label);
      return tokens.filter((token) => token !== revoked);
    });
    return revoked!;
  }

  /** Resolves once uses and removed accounts are on disk too, as far as that is possible. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #requireAccount(name: string): Account {
    const account = this.#accounts.find(name);
    if (account) return account;
    throw noSuchAccount(name);
  }

  /** Changes the tokens of an account, first on disk and then here. */
  async #change(
    account: Account,
    change: (tokens: readonly StoredToken[]) => readonly StoredToken[],
  ): Promise<void> {
    const tokens = await this.#state.update(SERVICE, account.key, (text) => {
      const after = change(this.#parse(account, text));
      const value = after.length === 0 ? null : formatTokens(account, after);
      return { value, result: after };
    });
    // Changes of one account are settled in the order in which they were stored.
    this.#settle(account, tokens);
  }

  /** Makes these the tokens of an account: those it had and has no longer are stopped. */
  #settle(account: Account, tokens: readonly StoredToken[]): void {
    const before = this.#byAccount.get(account.key) ?? [];
    const after = tokens.map((token): LiveToken => {
      const known = this.#byHash.get(token.hash);
      if (!known) return toLive(account, token);
      known.token = token;
      return known;
    });
    if (after.length === 0) this.#byAccount.delete(account.key);
    else this.#byAccount.set(account.key, after);
    for (const live of after) this.#byHash.set(live.token.hash, live);
    for (const live of before.filter((live) => !after.includes(live))) {
      this.#byHash.delete(live.token.hash);
      live.revocation.abort(revoked());
    }
  }

  /** Takes over what is stored under a key: at the start, or when another node changed it. */
  #take(key: string, text: string | null): void {
    const account = this.#accounts.find(key);
    if (account) this.#settle(account, this.#parse(account, text ?? undefined));
    else if (text === null) this.#clear(key);
    else this.#forget(key);
  }

  /** Tokens that cannot be read are wrong, and give way to new ones. */
  #parse(account: Account, text: string | undefined): readonly StoredToken[] {
    try {
      return parseTokens(account, text);
    } catch (error) {
      const message = `The tokens of ${account.name} are damaged: ${(error as Error).message}. ` +
        `Create new ones with "partyline token new ${account.name} LABEL".`;
      log("tokens").error("{message}", { message });
      return [];
    }
  }

  /** Removes the tokens of an account that is gone. */
  #forget(key: string): void {
    this.#clear(key);
    // Again, because one may have been on its way to the disk.
    this.#keep(
      this.#state.update(SERVICE, key, () => {
        const isBack = this.#accounts.find(key) !== undefined;
        return { value: isBack ? undefined : null, result: isBack };
      }).then((isBack) => isBack || this.#clear(key)),
      "Cannot remove the tokens of a removed account: {error}",
    );
  }

  #clear(key: string): void {
    const [first] = this.#byAccount.get(key) ?? [];
    if (first) this.#settle(first.account, []);
  }

  #noteUse(live: LiveToken): void {
    const today = Math.floor(this.#clock.now() / DAY_MS) * DAY_MS;
    if ((live.token.usedAt ?? 0) >= today) return;
    const { hash } = live.token;
    live.token = { ...live.token, usedAt: today };
    this.#keep(
      this.#change(
        live.account,
        (tokens) =>
          tokens.map((token) => token.hash === hash ? { ...token, usedAt: today } : token),
      ),
      "Cannot note the use of a token: {error}",
    );
  }

  #keep(done: Promise<unknown>, complaint: string): void {
    const kept = done.catch((error) => log("tokens").error(complaint, { error }))
      .finally(() => this.#pending.delete(kept));
    this.#pending.add(kept);
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

function toLive(account: Account, token: StoredToken): LiveToken {
  const revocation = new AbortController();
  const asker: Asker = {
    nickname: account.name,
    account: account.key,
    isOperator: false,
    capacity: "token",
    onlyRooms: token.rooms && new Set(token.rooms.map(nameKey)),
    revoked: revocation.signal,
  };
  return { token, account, asker, revocation };
}

function wrongToken(): DomainError {
  return new DomainError(
    "wrong-token",
    "The token is wrong, or has been revoked. Create a new one with /token new in the chat.",
  );
}

function revoked(): DomainError {
  return new DomainError(
    "wrong-token",
    "The token has been revoked. Create a new one with /token new in the chat.",
  );
}

function labelInUse(label: string): DomainError {
  return new DomainError(
    "name-in-use",
    `There already is a token ${label}. Choose another label, or revoke that one first.`,
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
