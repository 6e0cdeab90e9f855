/**
 * The TLS client certificates of all accounts, by fingerprint: whose a certificate is, and the rules
 * for adding and removing them. They are stored with their accounts.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Clock, systemClock } from "../../../clock.ts";
import { DomainError } from "../../domain_error.ts";
import { nameKey } from "../../name.ts";
import type { Account, AccountCertificate } from "./account.ts";
import type { Accounts } from "./accounts.ts";

/** Most certificates of an account. */
const MOST_CERTIFICATES = 10;
/** Fewest digits that name a certificate when it is removed. */
const FEWEST_DIGITS = 4;

export interface AccountCertificatesOptions {
  readonly accounts: Pick<Accounts, "list" | "find" | "onChange" | "setCertificates">;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class AccountCertificates {
  readonly #accounts: AccountCertificatesOptions["accounts"];
  readonly #clock: Clock;
  /**
   * The keys of accounts by fingerprint. Mostly it is one; but anybody may add any fingerprint, so a
   * second account must not be able to take it from the first.
   */
  readonly #owners = new Map<string, Set<string>>();
  readonly #fingerprints = new Map<string, readonly string[]>();

  constructor({ accounts, clock = systemClock }: AccountCertificatesOptions) {
    this.#accounts = accounts;
    this.#clock = clock;
    for (const account of accounts.list()) this.#index(account);
    accounts.onChange(({ kind, account }) => {
      if (kind === "certificates") this.#index(account);
      else if (kind === "removed") this.#index({ ...account, certificates: [] });
    });
  }

  /**
   * The account that a certificate logs in to. The caller has made sure that the peer owns the
   * certificate.
   *
   * @param name Whose it is to be; needed only if it belongs to several accounts.
   * @throws {DomainError} `wrong-password`.
   */
  logIn(fingerprint: string, name?: string): Account {
    const owners = [...this.#owners.get(fingerprint) ?? []];
    const wanted = name === undefined ? undefined : nameKey(name);
    const keys = wanted === undefined ? owners : owners.filter((key) => key === wanted);
    const account = keys.length === 1 ? this.#accounts.find(keys[0]) : undefined;
    if (account) return account;
    throw new DomainError(
      "wrong-password",
      keys.length > 1
        ? "Your certificate belongs to several accounts. Set the SASL user name to choose one."
        : `Your certificate ${formatFingerprint(fingerprint)} does not belong to ${
          wanted === undefined ? "an account" : "that account"
        }. Log in with the password once, and add it with /msg NickServ CERT ADD.`,
    );
  }

  /**
   * Adds a certificate to an account; one that it has already stays as it is.
   *
   * @param fingerprint From {@linkcode parseFingerprint}.
   * @throws {DomainError} `no-such-person`, `too-many-keys`.
   */
  async add(name: string, fingerprint: string): Promise<void> {
    await this.#accounts.setCertificates(name, (known) => {
      if (known.some((certificate) => certificate.fingerprint === fingerprint)) return known;
      if (known.length >= MOST_CERTIFICATES) {
        throw new DomainError(
          "too-many-keys",
          `An account may have ${MOST_CERTIFICATES} certificates. Remove one first.`,
        );
      }
      return [...known, { fingerprint, addedAt: this.#clock.now() }];
    });
  }

  /**
   * Removes the certificate whose fingerprint begins with `text`.
   *
   * @returns What was removed.
   * @throws {DomainError} `no-such-person`, `bad-key`, `no-such-key`.
   */
  async remove(name: string, text: string): Promise<AccountCertificate> {
    const start = text.replace(/[:\s]/g, "").toLowerCase();
    if (!/^[\da-f]*$/.test(start) || start.length < FEWEST_DIGITS) throw badFingerprint();
    let removed: AccountCertificate | undefined;
    await this.#accounts.setCertificates(name, (known) => {
      const found = known.filter(({ fingerprint }) => fingerprint.startsWith(start));
      if (found.length !== 1) {
        throw new DomainError(
          "no-such-key",
          `${
            found.length === 0 ? "No certificate" : "More than one certificate"
          } of this account ` +
            "begins like that. List them to see their fingerprints.",
        );
      }
      [removed] = found;
      return known.filter((certificate) => certificate !== removed);
    });
    return removed!;
  }

  #index({ key, certificates = [] }: Account): void {
    for (const fingerprint of this.#fingerprints.get(key) ?? []) {
      const owners = this.#owners.get(fingerprint)!;
      owners.delete(key);
      if (owners.size === 0) this.#owners.delete(fingerprint);
    }
    const fingerprints = certificates.map(({ fingerprint }) => fingerprint);
    for (const fingerprint of fingerprints) {
      const owners = this.#owners.get(fingerprint) ?? new Set();
      this.#owners.set(fingerprint, owners.add(key));
    }
    if (fingerprints.length === 0) this.#fingerprints.delete(key);
    else this.#fingerprints.set(key, fingerprints);
  }
}

/**
 * Parses a SHA-256 fingerprint, in hexadecimal with or without colons, as tools print it.
 *
 * @throws {DomainError} `bad-key`
 */
export function parseFingerprint(text: string): string {
  const digits = text.replace(/^sha256(?: fingerprint)?[:=]/i, "").replace(/[:\s]/g, "")
    .toLowerCase();
  if (!/^[\da-f]{64}$/.test(digits)) throw badFingerprint();
  return digits;
}

/** `AB:CD:…`, as `openssl x509 -fingerprint -sha256` prints it. */
export function formatFingerprint(fingerprint: string): string {
  return Buffer.from(fingerprint, "hex").toString("hex").toUpperCase().match(/../g)!.join(":");
}

function badFingerprint(): DomainError {
  return new DomainError(
    "bad-key",
    "That is not a SHA-256 fingerprint. openssl x509 -noout -fingerprint -sha256 -in FILE prints " +
      "the one of a certificate.",
  );
}
