/**
 * What clients have proven who were connected until just now, so that nobody has to give a password
 * again because a page was loaded anew.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { type Account, stillAccepts } from "../../domain/access/accounts/account.ts";
import type { Accounts } from "../../domain/access/accounts/accounts.ts";

/** How long it takes at most to load a page again. */
const KEPT_MS = 2 * 60 * 1000;
/** Most that are kept; the oldest goes first. */
const MOST_KEPT = 10_000;

export interface EndedSessionsOptions {
  readonly clock: Pick<Clock, "monotonic">;
  readonly accounts: Pick<Accounts, "find">;
}

interface EndedSession {
  readonly account: Account | undefined;
  readonly endedAt: number;
}

export class EndedSessions {
  readonly #options: EndedSessionsOptions;
  /** By the secret that each client was sent, the oldest first. */
  readonly #sessions = new Map<string, EndedSession>();

  constructor(options: EndedSessionsOptions) {
    this.#options = options;
  }

  /** @param key Key of the account that the client had logged in to, if any. */
  add(secret: string, key: string | undefined): void {
    const { clock, accounts } = this.#options;
    const now = clock.monotonic();
    for (const [other, { endedAt }] of this.#sessions) {
      if (now - endedAt < KEPT_MS && this.#sessions.size < MOST_KEPT) break;
      this.#sessions.delete(other);
    }
    const account = key === undefined ? undefined : accounts.find(key);
    this.#sessions.delete(secret); // The latest goes to the end.
    this.#sessions.set(secret, { account, endedAt: now });
  }

  /**
   * What a client proved in a session that has just ended.
   *
   * @returns `undefined` if there was no such session. Its account is left out if it has changed.
   */
  find(secret: string): { readonly account: Account | undefined } | undefined {
    const { clock, accounts } = this.#options;
    const session = this.#sessions.get(secret);
    if (!session || clock.monotonic() - session.endedAt >= KEPT_MS) return undefined;
    const { account: before } = session;
    const current = before && accounts.find(before.key);
    return { account: current && stillAccepts(current, before) ? current : undefined };
  }

  /** Forgets a session, because it is in use again. */
  delete(secret: string): void {
    this.#sessions.delete(secret);
  }
}
