/**
 * An account: a name with a password, SSH keys, or both. How it is stored.
 *
 * @module
 */

import { formatPublicKey, parsePublicKey, type PublicKey } from "./public_key.ts";

/** A key with which the owner of an account logs in. */
export interface AccountKey extends PublicKey {
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

export interface Account {
  /** As its owner writes it. */
  readonly name: string;
  /** `nameKey()` of the name; unique. */
  readonly key: string;
  /** Whether it has power over the whole server. */
  readonly isOperator: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** From `hashPassword()`; without one, nobody can log in with a password. */
  readonly passwordHash?: string;
  /** Its keys, in the order in which they were added. @default {none} */
  readonly keys?: readonly AccountKey[];
  /** From `formatVerifier()`, of the same password; accounts from before SCRAM have none. */
  readonly scramVerifier?: string;
  /** TLS client certificates that log in to it. @default {none} */
  readonly certificates?: readonly AccountCertificate[];
}

export interface AccountCertificate {
  /** SHA-256 of its DER form, 64 digits of lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

/** Whether an account still accepts every password, key and certificate that it accepted before. */
export function stillAccepts(account: Account, before: Account): boolean {
  const { createdAt, passwordHash, keys = [], certificates = [] } = account;
  const proofs = new Set([...keys, ...certificates].map(({ fingerprint }) => fingerprint));
  return createdAt === before.createdAt && passwordHash === before.passwordHash &&
    [...before.keys ?? [], ...before.certificates ?? []].every((proof) =>
      proofs.has(proof.fingerprint)
    );
}

/** The text for the state store. */
export function formatAccount({ key: _key, keys, ...stored }: Account): string {
  return JSON.stringify({
    ...stored,
    keys: keys && keys.length > 0 ? keys.map(toStored) : undefined,
  });
}

/** Parses the text from the state store, where it was under `key`. @throws {Error} if damaged. */
export function parseAccount(key: string, text: string): Account {
  const { name, isOperator, createdAt, passwordHash, keys, scramVerifier, certificates } = JSON
    .parse(text);
  if (typeof name !== "string" || typeof createdAt !== "number") {
    throw new Error("it has no name or time");
  }
  return {
    name,
    key,
    isOperator: isOperator === true,
    createdAt,
    passwordHash,
    ...(keys === undefined ? {} : { keys: keys.map(fromStored) }),
    ...(scramVerifier === undefined ? {} : { scramVerifier }),
    ...(certificates === undefined ? {} : { certificates }),
  };
}

interface StoredKey {
  /** A line of `authorized_keys`. */
  readonly key: string;
  readonly addedAt: number;
}

function toStored({ addedAt, ...key }: AccountKey): StoredKey {
  return { key: formatPublicKey(key), addedAt };
}

function fromStored({ key, addedAt }: StoredKey): AccountKey {
  return { ...parsePublicKey(key), addedAt };
}
