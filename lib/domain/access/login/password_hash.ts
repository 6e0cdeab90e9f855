/**
 * Passwords as they are stored: hashed with scrypt (RFC 7914), in the PHC string format
 * (`$scrypt$ln=15,r=8,p=1$SALT$KEY`). The text carries its own costs, so that they can grow later
 * and older hashes still verify.
 *
 * `node:crypto` computes the hash in another thread, or `cli/threads/hash_threads.ts` does: the event
 * loop goes on meanwhile.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** The costs of scrypt, which needs `128 * r * 2 ** ln` bytes of memory. */
export interface ScryptCosts {
  /** Base-2 logarithm of N, the cost in time and memory. */
  readonly ln: number;
  /** Block size. */
  readonly r: number;
  /** Parallelization: the cost in time alone. */
  readonly p: number;
}

/**
 * 32 MiB and about a tenth of a second of one core. That is what a small machine can spend on two
 * log-ins at once while it serves people. A graphics card has little memory for each of its cores,
 * so guessing offline costs it as dearly. `LoginDelays` limits guessing online.
 */
export const DEFAULT_COSTS: ScryptCosts = { ln: 15, r: 8, p: 1 };

export type ScryptOptions = Readonly<Record<"N" | "r" | "p" | "maxmem", number>>;

/** Computes scrypt with some costs. @param length Of the key, in bytes. */
export type DeriveKey = (
  password: string,
  salt: Uint8Array,
  costs: ScryptCosts,
  length: number,
) => Promise<Uint8Array>;

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A damaged hash must not take all memory. */
const MOST_MEMORY = 256 * 1024 * 1024;

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

interface ParsedHash {
  readonly costs: ScryptCosts;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** Hashes a password with a new salt. */
export async function hashPassword(
  password: string,
  costs: ScryptCosts = DEFAULT_COSTS,
  derive: DeriveKey = deriveKey,
): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format(costs, salt, await derive(password, salt, costs, KEY_BYTES));
}

/** Whether `hash` is of `password`. A text that is not a hash fits no password. */
export async function verifyPassword(
  password: string,
  hash: string,
  derive: DeriveKey = deriveKey,
): Promise<boolean> {
  const parsed = parse(hash);
  if (!parsed) return false;
  const { key, salt, costs } = parsed;
  return timingSafeEqual(await derive(password, salt, costs, key.length), key);
}

/** A hash of no password, which takes as long to verify as a real one. */
export function hashOfNothing(costs: ScryptCosts): string {
  return format(costs, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
}

/** Derives a key in whatever thread `node:crypto` uses. */
export function deriveKey(
  password: string,
  salt: Uint8Array,
  costs: ScryptCosts,
  length: number,
): Promise<Uint8Array> {
  const options = scryptOptions(costs);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => error ? reject(error) : resolve(key));
  });
}

/** The costs as `node:crypto` takes them. */
export function scryptOptions({ ln, r, p }: ScryptCosts): ScryptOptions {
  // More memory than any accepted costs need: the default is too little for ours.
  return { N: 2 ** ln, r, p, maxmem: 2 * MOST_MEMORY };
}

function format({ ln, r, p }: ScryptCosts, salt: Uint8Array, key: Uint8Array): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
}

function parse(hash: string): ParsedHash | undefined {
  const match = FORM.exec(hash);
  if (!match) return undefined;
  const [ln, r, p] = match.slice(1, 4).map(Number);
  const [salt, key] = match.slice(4).map((text) => Buffer.from(text, "base64"));
  const isPayable = ln > 0 && r > 0 && p > 0 && 128 * r * 2 ** ln <= MOST_MEMORY;
  // A short key would fit many passwords.
  return isPayable && key.length >= 16 ? { costs: { ln, r, p }, salt, key } : undefined;
}

/** The format has no padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
