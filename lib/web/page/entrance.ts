/**
 * How the user gets in and out: under a name, after a reload, after another tab has taken over, and
 * out of the account.
 *
 * @module
 */

import type { Browser } from "./browser.ts";
import type { Client } from "./client.ts";
import type { Credentials } from "./credentials.ts";

export interface EntranceOptions {
  readonly client: Client;
  readonly browser: Pick<Browser, "latestSession">;
  /** Remembers the name for the next visit. */
  remember(name: string): void;
  /** Shows an error in the open view. */
  onProblem(text: string): void;
}

export class Entrance {
  /** Whether the tab remembers a name from before it was reloaded, so that it need not ask. */
  isResuming = false;
  /** Whether the user is logging out of the account, and knows. */
  isLoggingOut = false;
  readonly #options: EntranceOptions;
  /** The password of the account to make once connected. */
  #newPassword: string | undefined;

  constructor(options: EntranceOptions) {
    this.#options = options;
  }

  /** Connects under a name. @param newPassword Registers it, too. */
  enter(name: string, credentials: Credentials = {}, newPassword?: string): void {
    const { client, remember } = this.#options;
    this.#newPassword = newPassword;
    remember(name);
    client.start(name, credentials);
  }

  /** Connects under the name that the tab remembers, if any. */
  resume(): void {
    const { client } = this.#options;
    const { name } = client.state;
    this.isResuming = name !== "";
    if (this.isResuming) client.start(name);
  }

  /** Connects again after leaving, or after another tab has taken over. */
  reconnect(): void {
    const { client, browser } = this.#options;
    const { state } = client;
    const session = browser.latestSession(state.name);
    if (session !== undefined) state.takeOver(session);
    client.start(state.name);
  }

  /** Called once connected: registers the name, if the user has asked for that. */
  arrived(): void {
    const { client, onProblem } = this.#options;
    const password = this.#newPassword;
    this.#newPassword = undefined;
    if (password === undefined) return;
    client.register(password).catch((error: Error) => {
      onProblem(`Your name is not registered. ${error.message}`);
    });
  }

  /** Leaves the account. The server says what that means. */
  async logOut(): Promise<void> {
    this.isLoggingOut = true;
    await this.#options.client.logOut().finally(() => this.isLoggingOut = false);
  }
}
