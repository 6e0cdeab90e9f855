/** Accounts and their API tokens, with passwords that are cheap to hash. */

import { AccountKeys } from "../../lib/domain/access/accounts/account_keys.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { Tokens } from "../../lib/domain/access/accounts/tokens.ts";
import { LoginDelays } from "../../lib/domain/access/login/login_delays.ts";
import { PasswordHasher } from "../../lib/domain/access/login/password_hasher.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { FakeClock } from "./fake_clock.ts";

export const PASSWORD = "tea at five";

export interface TokenOwners {
  readonly accounts: Accounts;
  readonly keys: AccountKeys;
  readonly tokens: Tokens;
  readonly state: StateStore;
  readonly clock: FakeClock;
  readonly delays: LoginDelays;
}

/** For servers that have no accounts. */
export function noTokens(): Tokens {
  const accounts = { find: () => undefined, onChange: () => () => {} };
  return new Tokens({ state: new MemoryStateStore(), accounts });
}

export interface TokenOwnersOptions {
  /** Share it with others to simulate a restart. */
  readonly state?: StateStore;
  readonly clock?: FakeClock;
}

/** Creates accounts of these names, unless they exist. */
export async function openOwners(
  names: readonly string[],
  { state = new MemoryStateStore(), clock = new FakeClock() }: TokenOwnersOptions = {},
): Promise<TokenOwners> {
  const hasher = new PasswordHasher({ costs: { ln: 4, r: 8, p: 1 }, iterations: 1 });
  const delays = new LoginDelays({ clock });
  const accounts = await Accounts.open({ state, hasher, delays, clock });
  for (const name of names) {
    if (!accounts.find(name)) await accounts.register(name, PASSWORD, { isTrusted: true });
  }
  const tokens = await Tokens.open({ state, accounts, delays, clock });
  return { accounts, keys: new AccountKeys({ accounts }), tokens, state, clock, delays };
}
