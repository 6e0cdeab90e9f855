/** An IRC client that sends commands without waiting, and what it believes. */

import { IrcBelief } from "./irc_belief.ts";
import type { IrcClient } from "./irc_client.ts";

/** Ends a connection whose name the owner of the account has taken back. */
const TAKEN_OVER = /^(?:@\S+ )?ERROR :Closing link: \S+ has logged in on another connection/;

export class IrcPlayer {
  readonly client: IrcClient;
  readonly belief: IrcBelief;

  /** @param client Registered, and in no channel. */
  constructor(client: IrcClient, nick: string) {
    this.client = client;
    this.belief = new IrcBelief(nick);
  }

  /** What the client believes, and the last lines that it was sent. */
  get story(): string {
    return `${this.belief.nick} after\n${this.client.transcript.slice(-90).join("\n")}`;
  }

  /**
   * Waits until the server has done everything that the client sent, and takes what it was sent.
   *
   * @returns `false` if somebody has taken back the client's name, which ends its connection.
   * @throws {Error} If something that it was sent cannot be true.
   */
  async hear(): Promise<boolean> {
    const lines = await this.client.sync().catch((error) => {
      if (!this.client.transcript.some((line) => TAKEN_OVER.test(line))) throw error;
    });
    if (lines) this.believe(lines);
    return lines !== undefined;
  }

  /** Takes lines from the server. @throws {Error} If one cannot be true. */
  believe(lines: readonly string[]): void {
    try {
      for (const line of lines) this.belief.hear(line);
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${this.story}`);
    }
  }
}
