/**
 * Hashes passwords at once and in this thread, so that tests need not wait for another one. The
 * hashes are real ones at the lowest cost.
 *
 * @module
 */

import { scryptSync, timingSafeEqual } from "node:crypto";
import type { AccountsOptions } from "../../lib/domain/access/accounts.ts";

const KEY_BYTES = 16;

export const QUICK_HASHER: NonNullable<AccountsOptions["hasher"]> = {
  nothing: digest(""),
  hash: (password) => Promise.resolve(digest(password)),
  verify: (password, hash) => {
    const [given, stored] = [digest(password), hash].map((text) => new TextEncoder().encode(text));
    return Promise.resolve(given.length === stored.length && timingSafeEqual(given, stored));
  },
};

function digest(password: string): string {
  return scryptSync(password, "salt", KEY_BYTES, { N: 2 }).toString("hex");
}
