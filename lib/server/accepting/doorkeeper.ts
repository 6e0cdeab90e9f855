/**
 * Keeps an endpoint closed to all but some addresses, and counts whom it refuses.
 *
 * @module
 */

import { type Clock, systemClock } from "../../clock.ts";
import { log } from "../../log.ts";
import type { Guard } from "../../transport/guarded_listener.ts";

/** Some addresses; also in words, for the log. */
interface Allowed {
  includes(address: string): boolean;
  toString(): string;
}

export interface DoorkeeperOptions {
  /** Who is admitted. @default {everybody} */
  readonly allowed?: Allowed;
  /** The endpoint, for the log. */
  readonly endpoint: string;
  /** Puts the sentence for somebody who is refused into the protocol. @default {a line} */
  readonly say?: (sentence: string) => Uint8Array;
  readonly clock?: Clock;
}

/** Milliseconds between two lines of the log about one endpoint. */
const QUIET_MS = 10 * 60_000;
const encoder = new TextEncoder();

export class Doorkeeper implements Guard {
  #allowed: Allowed | undefined;
  readonly #options: DoorkeeperOptions;
  readonly #clock: Clock;
  #loggedAt = -Infinity;
  /** Those refused since the last line of the log. */
  #refused = 0;
  #latest = "";

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#allowed = options.allowed;
    this.#clock = options.clock ?? systemClock;
  }

  /** Who is admitted from now on; `undefined` for everybody. */
  set allowed(allowed: Allowed | undefined) {
    // The line names the addresses that were allowed when these peers were refused.
    if (String(allowed) !== String(this.#allowed)) this.close();
    this.#allowed = allowed;
  }

  admits(address: string): boolean {
    if (!this.#allowed || this.#allowed.includes(address)) return true;
    this.#refused++;
    this.#latest = address;
    // A stranger must not be able to fill the log.
    if (this.#clock.monotonic() >= this.#loggedAt + QUIET_MS) this.#log();
    return false;
  }

  refusal(address: string): Uint8Array {
    const { say = sayLine } = this.#options;
    return say(
      `This server is not open to your address, ${address}. ` +
        "If it should be, tell the person who runs it.",
    );
  }

  /** Logs those refused since the last line of the log. */
  close(): void {
    if (this.#refused > 0) this.#log();
  }

  #log(): void {
    const { endpoint } = this.#options;
    const [count, latest] = [this.#refused, this.#latest];
    const [who, which] = count === 1 ? [latest, ""] : [`${count} times`, `, the latest ${latest}`];
    const only = `which is open to ${this.#allowed} only`;
    log("server").info(`Refused ${who} at ${endpoint}, ${only}${which}`);
    this.#loggedAt = this.#clock.monotonic();
    this.#refused = 0;
  }
}

function sayLine(sentence: string): Uint8Array {
  return encoder.encode(`! ${sentence}\r\n`);
}
