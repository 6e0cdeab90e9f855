/**
 * Asks silent clients whether they are there, and closes connections that do not answer.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { IrcClient } from "./irc_door.ts";

const INTERVAL_MS = 15_000;
/** A client is asked after so much silence. */
const SILENT_MS = 60_000;
/** And has gone after so much. */
const GONE_MS = 105_000;

export class KeepAlive {
  readonly #client: IrcClient;
  readonly #clock: Clock;
  #askedAt = 0;
  #cancel: () => void;

  constructor(client: IrcClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#cancel = clock.after(INTERVAL_MS, this.#check);
  }

  stop(): void {
    this.#cancel();
  }

  readonly #check = (): void => {
    const { isRegistered, isBeingServed, heardAt } = this.#client;
    this.#cancel = this.#clock.after(INTERVAL_MS, this.#check);
    if (isBeingServed) return;
    const now = this.#clock.monotonic();
    const silentMs = now - heardAt;
    if (isRegistered && silentMs >= GONE_MS) {
      const why = `Ping timeout: ${Math.round(silentMs / 1000)} seconds`;
      this.#client.close(why);
      // The session waits a moment for the other end to close; people and the name need not.
      return void this.#client.person.depart(why);
    }
    if (isRegistered && silentMs >= SILENT_MS && this.#askedAt <= heardAt) {
      this.#askedAt = now;
      this.#client.ping();
    }
  };
}
