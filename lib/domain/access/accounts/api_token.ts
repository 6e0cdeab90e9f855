/**
 * An API token: a secret with which a program acts as an account. How it is made and stored; only
 * the hash of the secret is.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import type { Account } from "./account.ts";

/** Begins every secret, so that people and scanners recognise one. */
const PREFIX = "pl_";
const SECRET_BYTES = 32;

/** What is known about a token. */
export interface ApiToken {
  /** Chosen by its owner; unique in the account. */
  readonly label: string;
  /** The names of the only rooms that it is for. @default {all that the account may use} */
  readonly rooms?: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The beginning of the last day (UTC) on which it was used; absent for never. */
  readonly usedAt?: number;
}

/** A token as it is stored. */
export interface StoredToken extends ApiToken {
  /** See {@linkcode hashSecret}. */
  readonly hash: string;
}

/** A new secret. Its 256 random bits cannot be guessed, so a fast hash protects it. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64url");
}

/** The hash under which a secret is known. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** The text for the state store. */
export function formatTokens({ createdAt }: Account, tokens: readonly StoredToken[]): string {
  return JSON.stringify({ account: createdAt, tokens });
}

/**
 * The tokens in a text from the state store. Those of an earlier account of the same name are none.
 *
 * @throws {Error} if it is damaged.
 */
export function parseTokens(
  { createdAt }: Account,
  text: string | undefined,
): readonly StoredToken[] {
  if (text === undefined) return [];
  const { account, tokens } = JSON.parse(text);
  if (!Array.isArray(tokens)) throw new Error("it has no list of tokens");
  return account === createdAt ? tokens : [];
}
