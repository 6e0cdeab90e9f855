/**
 * What the server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677): enough to check a
 * proof, not enough to make one. As text it has the form of RFC 5803,
 * `SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";

export interface ScramVerifier {
  readonly salt: Uint8Array;
  /** Rounds of PBKDF2, which the client computes at each log-in. */
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/**
 * Some hundredths of a second of one core. RFC 7677 asks for 4096 at least; more makes guessing dearer
 * for whoever steals the accounts, and must be computed by phones.
 */
export const DEFAULT_ITERATIONS = 50_000;

export const KEY_BYTES = 32;
export const SALT_BYTES = 16;
const FORM = /^SCRAM-SHA-256\$(\d{1,9}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/;

/** Derives a verifier in another thread. @param salt @default {a new one} */
export async function deriveVerifier(
  password: string,
  iterations: number = DEFAULT_ITERATIONS,
  salt: Uint8Array = randomBytes(SALT_BYTES),
): Promise<ScramVerifier> {
  const salted = await new Promise<Uint8Array>((resolve, reject) => {
    pbkdf2(
      preparePassword(password),
      salt,
      iterations,
      KEY_BYTES,
      "sha256",
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
  return verifierOf(salted, { salt, iterations });
}

/** The verifier of a password that PBKDF2 has made `salted` of. */
export function verifierOf(
  salted: Uint8Array,
  costs: Pick<ScramVerifier, "salt" | "iterations">,
): ScramVerifier {
  const storedKey = sha256(hmac(salted, "Client Key"));
  return { ...costs, storedKey, serverKey: hmac(salted, "Server Key") };
}

/** Whether a client that sent `proof` knows the password. @param authMessage RFC 5802 section 3 */
export function isProof(
  { storedKey }: ScramVerifier,
  authMessage: string,
  proof: Uint8Array,
): boolean {
  if (proof.length !== KEY_BYTES) return false;
  const signature = hmac(storedKey, authMessage);
  const clientKey = proof.map((byte, index) => byte ^ signature[index]);
  return timingSafeEqual(sha256(clientKey), storedKey);
}

/** Proves to the client that the server knows the verifier. */
export function serverSignature({ serverKey }: ScramVerifier, authMessage: string): Uint8Array {
  return hmac(serverKey, authMessage);
}

/** The text to store. */
export function formatVerifier(
  { iterations, salt, storedKey, serverKey }: ScramVerifier,
): string {
  const [s, stored, server] = [salt, storedKey, serverKey].map((bytes) =>
    Buffer.from(bytes).toString("base64")
  );
  return `SCRAM-SHA-256$${iterations}:${s}$${stored}:${server}`;
}

/** Parses the stored text; `undefined` if it is damaged. */
export function parseVerifier(text: string): ScramVerifier | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [salt, storedKey, serverKey] = match.slice(2).map((part) => Buffer.from(part, "base64"));
  const isWhole = storedKey.length === KEY_BYTES && serverKey.length === KEY_BYTES;
  return isWhole ? { salt, iterations: Number(match[1]), storedKey, serverKey } : undefined;
}

/** Spaces that are not ASCII, and characters that leave no trace (RFC 3454 tables C.1.2 and B.1). */
const OTHER_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
const NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

/** Maps a password as clients do (SASLprep, RFC 4013 section 2); nothing is forbidden here. */
function preparePassword(password: string): string {
  return password.replace(OTHER_SPACE, " ").replace(NOTHING, "").normalize("NFKC");
}

function hmac(key: Uint8Array, text: string): Uint8Array {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
