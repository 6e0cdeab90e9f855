/**
 * Hashes passwords at once and in this thread, so that tests need not wait for another one. The
 * hashes are real ones at the lowest cost.
 *
 * @module
 */

import { pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import type { AccountsOptions } from "../../lib/domain/access/accounts/accounts.ts";
import { formatVerifier, verifierOf } from "../../lib/domain/access/login/scram_verifier.ts";

const KEY_BYTES = 16;

export const QUICK_HASHER: NonNullable<AccountsOptions["hasher"]> = {
  nothing: digest(""),
  deriveVerifier: (password) => {
    const costs = { salt: new TextEncoder().encode("salt"), iterations: 1 };
    const salted = pbkdf2Sync(password, costs.salt, 1, 32, "sha256");
    return Promise.resolve(formatVerifier(verifierOf(salted, costs)));
  },
  hash: (password) => Promise.resolve(digest(password)),
  verify: (password, hash) => {
    const [given, stored] = [digest(password), hash].map((text) => new TextEncoder().encode(text));
    return Promise.resolve(given.length === stored.length && timingSafeEqual(given, stored));
  },
};

function digest(password: string): string {
  return scryptSync(password, "salt", KEY_BYTES, { N: 2 }).toString("hex");
}
