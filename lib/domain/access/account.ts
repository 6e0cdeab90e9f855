/**
 * An account: a name with a password. How it is stored.
 *
 * @module
 */

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
}

/** The text for the state store. */
export function formatAccount({ key: _key, ...stored }: Account): string {
  return JSON.stringify(stored);
}

/** Parses the text from the state store, where it was under `key`. @throws {Error} if damaged. */
export function parseAccount(key: string, text: string): Account {
  const { name, isOperator, createdAt, passwordHash } = JSON.parse(text);
  if (typeof name !== "string" || typeof createdAt !== "number") {
    throw new Error("it has no name or time");
  }
  return { name, key, isOperator: isOperator === true, createdAt, passwordHash };
}
