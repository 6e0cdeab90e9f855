/**
 * A password that everybody who enters the server has to give, at every door. Guessing it is delayed
 * by address, as guessing the password of an account is.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../clock.ts";
import { DomainError } from "../../domain_error.ts";
import { LoginDelays } from "./login_delays.ts";

/** The account of which a wrong one counts as a wrong password; no name has this key. */
const NO_ACCOUNT = "";

export interface ServerPasswordOptions {
  readonly password: string;
  readonly clock: Clock;
  /** @default {new ones} */
  readonly delays?: LoginDelays;
}

export class ServerPassword {
  #digest: Uint8Array;
  readonly #delays: LoginDelays;

  constructor({ password, clock, delays }: ServerPasswordOptions) {
    this.#digest = digestOf(password);
    this.#delays = delays ?? new LoginDelays({ clock });
  }

  /** Takes another password from now on. Those who are in stay in. */
  replace(password: string): void {
    this.#digest = digestOf(password);
  }

  /**
   * Checks what somebody gave.
   *
   * @param address IP address of the peer, if it has one.
   * @throws {DomainError} `wrong-password` or `slow-down`.
   */
  check(given: string, address?: string): void {
    using attempt = this.#delays.begin(NO_ACCOUNT, address);
    // Digests have the same length, so the time tells nothing about the password.
    if (!timingSafeEqual(digestOf(given), this.#digest)) {
      throw new DomainError(
        "wrong-password",
        "That is not the server's password. Ask whoever runs the server.",
      );
    }
    attempt.succeed();
  }
}

/** Keyboards differ in how they send `é`, so in NFC. */
function digestOf(password: string): Uint8Array {
  return createHash("sha256").update(password.normalize("NFC")).digest();
}
