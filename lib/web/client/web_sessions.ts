/**
 * The web clients that are connected, or were until just now, by the secret that each was sent. Who
 * comes with the secret takes over the connection, and what its client has proven.
 *
 * @module
 */

import type { Account } from "../../domain/access/accounts/account.ts";
import type { Accounts } from "../../domain/access/accounts/accounts.ts";
import type { ChatSession } from "../../service/chat/chat_session.ts";
import type { EndedSessions } from "./ended_sessions.ts";

/** A client that can be replaced by a newer connection. */
export interface Replaceable {
  readonly person: ChatSession;
  /** Says goodbye; resolves once the name is free. */
  giveWay(): Promise<void>;
}

export class WebSessions {
  readonly #accounts: Pick<Accounts, "find">;
  readonly #ended: EndedSessions;
  readonly #connected = new Map<string, Replaceable>();

  constructor(accounts: Pick<Accounts, "find">, ended: EndedSessions) {
    this.#accounts = accounts;
    this.#ended = ended;
  }

  /** The person whose client is connected and has that secret. */
  personOf(secret: string): ChatSession | undefined {
    return this.#connected.get(secret)?.person;
  }

  /** What the client with that secret has proven; `undefined` if there was none. */
  find(secret: string): { readonly account: Account | undefined } | undefined {
    const person = this.personOf(secret);
    if (!person) return this.#ended.find(secret);
    const { account, token } = person.member;
    // Who had only a token has not proven that the account is theirs.
    return { account: token ? undefined : this.#accounts.find(account ?? "") };
  }

  /** Ends the connection with that secret, if there is one; resolves once its name is free. */
  async replace(secret: string): Promise<void> {
    await this.#connected.get(secret)?.giveWay();
  }

  begin(secret: string, session: Replaceable): void {
    this.#ended.delete(secret);
    this.#connected.set(secret, session);
  }

  /**
   * Ends a session, unless another one has taken over its secret.
   *
   * @param hasQuit Whether coming back takes the password again.
   */
  end(secret: string, session: Replaceable, hasQuit: boolean): void {
    if (this.#connected.get(secret) !== session) return;
    this.#connected.delete(secret);
    const { account, token } = session.person.member;
    // A client that has a token can send it again.
    if (!hasQuit && !token) this.#ended.add(secret, account);
  }
}
