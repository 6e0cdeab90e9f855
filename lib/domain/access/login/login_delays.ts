/**
 * Delays for those who guess passwords. They grow with each failure, and never lock the owner of an
 * account out:
 *
 * - What counts first is the pair of account and address. After 5 failures, the next attempt of
 *   that address on that account must wait a second, then two, then four, up to a minute. Other
 *   addresses are not delayed by it.
 * - An address that fails on many accounts is delayed on all of them, except for accounts that
 *   logged in from it before.
 * - An account on which many addresses have failed grants other strange addresses one failure
 *   instead of five, and the first delay is 16 seconds. But the first attempt from a new address is
 *   never delayed, and an address from which the account logged in before keeps its five: a delay
 *   that all addresses shared would be a way to lock the owner out.
 * - People behind a proxy share an address. So a connection that has not failed yet may try although
 *   its address is delayed, six times a minute for each account and address. An owner whose
 *   neighbour guesses gets in, and the neighbour gains little by opening new connections.
 *
 * An attempt counts as a failure from its beginning, so that many at once gain nothing. One that is
 * refused does not count, so the delay does not grow while somebody waits. Names without an account
 * are delayed in the same way, or delays would tell which names have one.
 *
 * An IPv6 address stands for its /64, because who has one of these addresses has them all. Failures
 * are forgotten an hour after the last one. What is remembered is bounded; the oldest goes first.
 *
 * @module
 */

import ipaddr from "ipaddr.js";
import type { Clock } from "../../../clock.ts";
import { type ConnectionContext, currentConnection } from "../../../context.ts";
import { log } from "../../../log.ts";
import { SlowDownError } from "../../domain_error.ts";
import { countText } from "../../wording.ts";
import { type DelayRule, GrowingDelay } from "./growing_delay.ts";
import { KnownAddresses } from "./known_addresses.ts";
import { LoginTally } from "./login_tally.ts";
import { RecentEntries } from "./recent_entries.ts";

/** For an address on one account. */
const USUAL: DelayRule = { free: 5, firstMs: 1000 };
/** For a strange address on an account on which many addresses have failed. */
const AMONG_MANY: DelayRule = { free: 1, firstMs: 16_000 };
const MANY_ADDRESSES = 10;
/** For an address on all accounts, and for accounts created from there. */
const IN_ALL: DelayRule = { free: 20, firstMs: 1000 };
/** Only counts. */
const NO_DELAY: DelayRule = { free: Infinity, firstMs: 0 };
/** Most attempts from a strange address being checked at once: the hasher's queue is for all. */
const MOST_AT_ONCE = 16;
/** Entries of each kind that are remembered. */
export const MOST_TRACKED = 10_000;

export interface LoginDelaysOptions {
  readonly clock: Pick<Clock, "monotonic">;
  /** Most entries of each kind that are remembered. @default {10000} */
  readonly mostTracked?: number;
  /** From where accounts logged in before. @default {only what this process learns} */
  readonly known?: KnownAddresses;
  /** Counts failures. @default {one of its own} */
  readonly tally?: LoginTally;
}

/**
 * An attempt to log in that may be made. Dispose of it at its end: it then counts as failed unless
 * it was said to be not.
 */
export interface LoginAttempt extends Disposable {
  /** Whether the account logged in from this address before. */
  readonly isKnown: boolean;
  /** The password was right. */
  succeed(): void;
  /** The password was not checked. */
  withdraw(): void;
}

export class LoginDelays {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Failures of an address on an account. */
  readonly #pairs: RecentEntries<GrowingDelay>;
  /** Failures of an address on all accounts that it is not known to. */
  readonly #addresses: RecentEntries<GrowingDelay>;
  /** Accounts created from an address. */
  readonly #registrations: RecentEntries<GrowingDelay>;
  /** How many strange addresses failed on an account. */
  readonly #strangers: RecentEntries<GrowingDelay>;
  readonly #known: KnownAddresses;
  readonly #tally: LoginTally;
  /** Attempts from strange addresses being checked. */
  readonly #open = new Map<string, number>();
  readonly #failedConnections = new WeakSet<ConnectionContext>();

  constructor({ clock, mostTracked = MOST_TRACKED, known, tally }: LoginDelaysOptions) {
    this.#clock = clock;
    this.#known = known ?? new KnownAddresses(mostTracked);
    this.#tally = tally ?? new LoginTally();
    this.#pairs = new RecentEntries(mostTracked);
    this.#addresses = new RecentEntries(mostTracked);
    this.#registrations = new RecentEntries(mostTracked);
    this.#strangers = new RecentEntries(mostTracked);
  }

  /**
   * Begins an attempt to log in.
   *
   * @param account The key of its name, whether there is such an account or not.
   * @param address IP address. Programs on this machine that have none share one.
   * @throws {DomainError} `slow-down` if it has to wait.
   */
  begin(account: string, address?: string): LoginAttempt {
    try {
      return this.#begin(account, address);
    } catch (error) {
      this.#tally.count(account, "delayed");
      throw error;
    }
  }

  #begin(account: string, address: string | undefined): LoginAttempt {
    const now = this.#clock.monotonic();
    const network = networkOf(address);
    const isKnown = this.#known.has(account, network);
    const pair = delayIn(this.#pairs, `${account} ${network}`, now);
    const strangers = delayIn(this.#strangers, account, now);
    const isAmongMany = !isKnown && strangers.count >= MANY_ADDRESSES;
    const delays = isKnown ? [pair] : [pair, delayIn(this.#addresses, network, now)];
    const giveBack = this.#pass(delays, now, !isAmongMany);
    const leave = isKnown ? undefined : this.#enter(network);

    const isFirst = pair.count === 0;
    const rule = isAmongMany ? AMONG_MANY : USUAL;
    const undo = [giveBack, pair.fail(now, rule), this.#failConnection()];
    this.#pairs.set(`${account} ${network}`, pair);
    if (!isKnown) {
      undo.push(delays[1].fail(now, IN_ALL));
      this.#addresses.set(network, delays[1]);
      if (isFirst) undo.push(strangers.fail(now, NO_DELAY));
      this.#strangers.set(account, strangers);
    }
    const withdraw = () => {
      for (const step of undo.splice(0)) step();
    };
    return {
      isKnown,
      withdraw,
      succeed: () => {
        withdraw();
        this.#pairs.delete(`${account} ${network}`);
        this.remember(account, address);
      },
      [Symbol.dispose]: () => {
        leave?.();
        if (undo.length === 0) return;
        this.#tally.count(account, "wrong");
        tellOfFailure(account, address);
      },
    };
  }

  /**
   * Begins to create an account.
   *
   * @throws {DomainError} `slow-down` if too many were created from this address.
   */
  beginRegistration(address?: string): void {
    const now = this.#clock.monotonic();
    const network = networkOf(address);
    const delay = delayIn(this.#registrations, network, now);
    if (delay.waitMs(now) > 0) {
      throw slowDown("Too many new accounts from your address.", delay.waitMs(now));
    }
    delay.fail(now, IN_ALL);
    this.#registrations.set(network, delay);
  }

  /** Remembers that an account is used from an address. */
  remember(account: string, address?: string): void {
    this.#known.add(account, networkOf(address));
  }

  /** Forgets from where an account was used. */
  forget(account: string): void {
    this.#known.forget(account);
  }

  /**
   * Checks that no delay is running, or uses up spare attempts. The function returned gives these
   * back.
   *
   * @throws {DomainError} `slow-down`
   */
  #pass(delays: readonly GrowingDelay[], now: number, allowsSpare: boolean): () => void {
    const running = delays.filter((delay) => delay.waitMs(now) > 0);
    if (running.length === 0) return () => {};
    const connection = currentConnection();
    const isFresh = connection !== undefined && !this.#failedConnections.has(connection);
    if (allowsSpare && isFresh && running.every((delay) => delay.hasSpare(now))) {
      for (const delay of running) delay.useSpare(now);
      return () => running.forEach((delay) => delay.returnSpare());
    }
    const waitMs = Math.max(...running.map((delay) => delay.waitMs(now)));
    throw slowDown("Too many wrong passwords.", waitMs);
  }

  /** Counts an attempt from an address as being checked. The function returned ends that. */
  #enter(network: string): () => void {
    const open = this.#open.get(network) ?? 0;
    if (open >= MOST_AT_ONCE) throw slowDown("Too many log-ins at once.", 1000);
    this.#open.set(network, open + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = this.#open.get(network)! - 1;
      if (left === 0) this.#open.delete(network);
      else this.#open.set(network, left);
    };
  }

  /** Marks the connection as one that failed. The function returned takes that back. */
  #failConnection(): () => void {
    const connection = currentConnection();
    if (connection === undefined || this.#failedConnections.has(connection)) return () => {};
    this.#failedConnections.add(connection);
    return () => this.#failedConnections.delete(connection);
  }
}

/** Written for programs such as fail2ban: `packaging/fail2ban-filter.conf` reads it. */
function tellOfFailure(account: string, address: string | undefined): void {
  const [from, to] = [address ?? "here", account === "" ? "the server" : `"${account}"`];
  log("login").warning(`Failed log-in from ${from} to ${to}`, { address });
}

function delayIn(entries: RecentEntries<GrowingDelay>, key: string, now: number): GrowingDelay {
  const delay = entries.get(key);
  return delay === undefined || delay.isForgotten(now) ? new GrowingDelay() : delay;
}

/** What an address stands for. */
function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return "here";
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return `${parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(":")}::/64`;
}

function slowDown(reason: string, waitMs: number): SlowDownError {
  const seconds = countText(Math.ceil(waitMs / 1000), "second");
  return new SlowDownError(`${reason} Try again in ${seconds}.`, waitMs);
}
