/**
 * All API tokens, in memory and in the state store: each change is stored before it is made here, as
 * a whole or not at all. Whatever acts with a token that is gone is stopped.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { log } from "../../../log.ts";
import type { Asker } from "../../asker.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey } from "../../name.ts";
import { loadAndFollow, type StateStore } from "../../state_store.ts";
import type { Account } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import { formatTokens, parseTokens, type StoredToken } from "./api_token.ts";

/** The service under which tokens are in the state store; the keys are those of the accounts. */
const SERVICE = "tokens";
const DAY_MS = 24 * 60 * 60 * 1000;

/** A token in use. */
export interface LiveToken {
  token: StoredToken;
  readonly account: Account;
  readonly asker: Asker;
  readonly revocation: AbortController;
}

export interface ApiTokenTableOptions {
  readonly state: StateStore;
  readonly accounts: Pick<Accounts, "find" | "onChange">;
  readonly clock: Clock;
}

export class ApiTokenTable {
  readonly #state: StateStore;
  readonly #accounts: Pick<Accounts, "find" | "onChange">;
  readonly #clock: Clock;
  readonly #byHash = new Map<string, LiveToken>();
  readonly #byAccount = new Map<string, readonly LiveToken[]>();
  /** Changes that nobody waits for. */
  readonly #pending = new Set<Promise<unknown>>();

  /** Without any tokens; see {@linkcode ApiTokenTable.load}. */
  constructor({ state, accounts, clock }: ApiTokenTableOptions) {
    this.#state = state;
    this.#accounts = accounts;
    this.#clock = clock;
    accounts.onChange(({ kind, account, isElsewhere }) => {
      if (kind !== "removed") return;
      if (isElsewhere) this.#clear(account.key);
      else this.#forget(account.key);
    });
  }

  /** Loads all tokens, and follows their changes. */
  async load(): Promise<void> {
    await loadAndFollow(this.#state, SERVICE, (key, text) => this.#take(key, text));
  }

  /** The token whose secret has this hash. */
  find(hash: string): LiveToken | undefined {
    const live = this.#byHash.get(hash);
    if (!live) return undefined;
    const { key, createdAt } = live.account;
    return this.#accounts.find(key)?.createdAt === createdAt ? live : undefined;
  }

  /** The tokens of an account, in the order in which they were created. */
  list(account: string): readonly StoredToken[] {
    return (this.#byAccount.get(nameKey(account)) ?? []).map(({ token }) => token);
  }

  /** Changes the tokens of an account, first on disk and then here. */
  async change(
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

  /** Notes the day on which a token is used. */
  noteUse(live: LiveToken): void {
    const today = Math.floor(this.#clock.now() / DAY_MS) * DAY_MS;
    if ((live.token.usedAt ?? 0) >= today) return;
    const { hash } = live.token;
    live.token = { ...live.token, usedAt: today };
    this.#keep(
      this.change(
        live.account,
        (tokens) =>
          tokens.map((token) => token.hash === hash ? { ...token, usedAt: today } : token),
      ),
      "Cannot note the use of a token: {error}",
    );
  }

  /** Resolves once uses and removed accounts are on disk too, as far as that is possible. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
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

  #keep(done: Promise<unknown>, complaint: string): void {
    const kept = done.catch((error) => log("tokens").error(complaint, { error }))
      .finally(() => this.#pending.delete(kept));
    this.#pending.add(kept);
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

function revoked(): DomainError {
  return new DomainError(
    "wrong-token",
    "The token has been revoked. Create a new one with /token new in the chat.",
  );
}
