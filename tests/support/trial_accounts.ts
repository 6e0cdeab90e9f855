/**
 * Accounts whose passwords are hashed cheaply.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { LoginDelays } from "../../lib/domain/access/login/login_delays.ts";
import { PasswordHasher } from "../../lib/domain/access/login/password_hasher.ts";
import { DomainError, type DomainErrorCode } from "../../lib/domain/domain_error.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "./fake_clock.ts";

/** Hashes cheaply, and counts how often. */
export class CountingHasher extends PasswordHasher {
  hashes = 0;
  verifications = 0;

  constructor() {
    super({ costs: { ln: 4, r: 8, p: 1 }, iterations: 1 });
  }

  override hash(...args: Parameters<PasswordHasher["hash"]>): Promise<string> {
    this.hashes++;
    return super.hash(...args);
  }

  override verify(...args: Parameters<PasswordHasher["verify"]>): Promise<boolean> {
    this.verifications++;
    return super.verify(...args);
  }
}

export interface AccountScene {
  readonly accounts: Accounts;
  readonly state: StateStore;
  readonly hasher: CountingHasher;
  readonly clock: FakeClock;
}

/** Opens the accounts of a state store, with all that they need. */
export async function openAccounts(
  state: StateStore = new MemoryStateStore(),
): Promise<AccountScene> {
  const hasher = new CountingHasher();
  const clock = new FakeClock();
  const delays = new LoginDelays({ clock });
  const reservedNames = ["server", "Help"];
  const accounts = await Accounts.open({ state, hasher, delays, clock, reservedNames });
  return { accounts, state, hasher, clock };
}

/** Makes sure that something is refused; returns the sentence that says why. */
export async function refusal(work: Promise<unknown>, code: DomainErrorCode): Promise<string> {
  const error = await assertRejects(() => work, DomainError);
  assertEquals(error.code, code);
  return error.message;
}

export const PASSWORD = "tea at five";
