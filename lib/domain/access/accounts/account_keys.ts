/**
 * The SSH keys of all accounts: whose a key is, and the rules for adding and removing them. They are
 * stored with their accounts.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import { DomainError } from "../../domain_error.ts";
import { notPermitted } from "../refusal.ts";
import type { Account, AccountKey } from "./account.ts";
import type { Accounts, RegisterOptions } from "./accounts.ts";
import type { PublicKey } from "./public_key.ts";

/** Most keys of an account. */
const MOST_KEYS = 50;

export interface AccountKeysOptions {
  readonly accounts: Accounts;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class AccountKeys {
  readonly #accounts: Accounts;
  readonly #clock: Clock;
  /**
   * Keys of accounts, by fingerprint, with the time at which each got it. It is one account, unless
   * two nodes of a cluster have given it away at the same moment.
   */
  readonly #owners = new Map<string, Map<string, number>>();
  /** Those on their way to the disk: two accounts must not get one key at the same time. */
  readonly #claims = new Map<string, string>();

  constructor({ accounts, clock = systemClock }: AccountKeysOptions) {
    this.#accounts = accounts;
    this.#clock = clock;
    for (const account of accounts.list()) this.#index(account);
    accounts.onChange(({ kind, account }) => {
      if (kind === "added" || kind === "keys") this.#index(account);
      else if (kind === "removed") this.#index({ ...account, keys: [] });
    });
  }

  /** The account that a key belongs to, if any: the one that got it first. */
  ownerOf(fingerprint: string): Account | undefined {
    const key = this.#ownerKeyOf(fingerprint);
    return key === undefined ? undefined : this.#accounts.find(key);
  }

  /** The keys of an account, in the order in which they were added. */
  keysOf(name: string): readonly AccountKey[] {
    return this.#accounts.find(name)?.keys ?? [];
  }

  /**
   * Creates an account without a password, for which this key logs in.
   *
   * @throws {DomainError} `key-in-use`, and as `Accounts.register` does.
   */
  async register(name: string, key: PublicKey, options?: RegisterOptions): Promise<Account> {
    return await this.#claim("", [key], () => {
      const addedAt = this.#clock.now();
      return this.#accounts.register(name, { ...key, addedAt }, options);
    });
  }

  /**
   * Adds keys to an account, all or none.
   *
   * @returns Those that it did not have before.
   * @throws {DomainError} `no-such-person`, `key-in-use`, `too-many-keys`.
   */
  async add(name: string, keys: readonly PublicKey[]): Promise<readonly AccountKey[]> {
    let added: readonly AccountKey[] = [];
    const owner = this.#accounts.find(name)?.key ?? "";
    await this.#claim(owner, keys, () =>
      this.#accounts.setKeys(name, (known) => {
        const all = new Map(known.map((key) => [key.fingerprint, key]));
        const addedAt = this.#clock.now();
        for (const key of keys) {
          if (!all.has(key.fingerprint)) all.set(key.fingerprint, { ...key, addedAt });
        }
        if (all.size > MOST_KEYS) throw tooMany();
        added = [...all.values()].slice(known.length);
        return [...all.values()];
      }));
    return added;
  }

  /**
   * Removes a key.
   *
   * @param which Its fingerprint, or its number in {@linkcode AccountKeys.keysOf}, from 1.
   * @param options.isTrusted Whether it may be the only way in, because an operator removes it.
   * @throws {DomainError} `no-such-person`, `no-such-key`, `not-permitted`.
   */
  async remove(
    name: string,
    which: string,
    { isTrusted = false }: { readonly isTrusted?: boolean } = {},
  ): Promise<AccountKey> {
    let removed: AccountKey | undefined;
    await this.#accounts.setKeys(name, (keys, account) => {
      removed = findKey(keys, which);
      if (!removed) throw noSuchKey(account, which);
      const isLast = keys.length === 1 && account.passwordHash === undefined;
      if (isLast && !isTrusted) throw lastWayIn();
      return keys.filter((key) => key !== removed);
    });
    return removed!;
  }

  /** Does something while nobody else can get these keys. */
  async #claim<Result>(
    owner: string,
    keys: readonly PublicKey[],
    work: () => Promise<Result>,
  ): Promise<Result> {
    for (const { fingerprint } of keys) {
      const other = this.#ownerKeyOf(fingerprint) ?? this.#claims.get(fingerprint);
      if (other === undefined || (other === owner && owner !== "")) continue;
      throw keyInUse(fingerprint, this.#accounts.find(other));
    }
    const claimed = keys.map(({ fingerprint }) => fingerprint)
      .filter((fingerprint) => !this.#claims.has(fingerprint));
    for (const fingerprint of claimed) this.#claims.set(fingerprint, owner);
    try {
      return await work();
    } finally {
      for (const fingerprint of claimed) this.#claims.delete(fingerprint);
    }
  }

  #ownerKeyOf(fingerprint: string): string | undefined {
    // All nodes must agree, also when the times are the same.
    const owners = [...this.#owners.get(fingerprint) ?? []];
    owners.sort(([a, since], [b, later]) => since - later || (a < b ? -1 : 1));
    return owners[0]?.[0];
  }

  #index({ key: owner, keys = [] }: Account): void {
    for (const [fingerprint, owners] of this.#owners) {
      if (owners.delete(owner) && owners.size === 0) this.#owners.delete(fingerprint);
    }
    for (const { fingerprint, addedAt } of keys) {
      const owners = this.#owners.get(fingerprint) ?? new Map<string, number>();
      this.#owners.set(fingerprint, owners.set(owner, addedAt));
    }
  }
}

function findKey(keys: readonly AccountKey[], which: string): AccountKey | undefined {
  if (/^\d{1,4}$/.test(which)) return keys[Number(which) - 1];
  const wanted = which.replace(/^SHA256:/i, "");
  return keys.find(({ fingerprint }) => fingerprint === `SHA256:${wanted}`);
}

function keyInUse(fingerprint: string, owner: Account | undefined): DomainError {
  const whose = owner ? `to ${owner.name}` : "to another account";
  return new DomainError(
    "key-in-use",
    `The key ${fingerprint} already belongs ${whose}. Remove it there first, or use another key.`,
  );
}

function tooMany(): DomainError {
  return new DomainError(
    "too-many-keys",
    `An account can have ${MOST_KEYS} keys. Remove one that is no longer used first.`,
  );
}

function noSuchKey({ name }: Account, which: string): DomainError {
  return new DomainError("no-such-key", `${name} has no key ${which}. List them first.`);
}

function lastWayIn(): DomainError {
  return notPermitted(
    "This key is the only way into your account. Add another one, or set a password with /password " +
      "first.",
  );
}
