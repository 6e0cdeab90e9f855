/**
 * The addresses from which accounts logged in before, the latest of each. They outlive a restart,
 * because those who guess an account's password right after one must not delay its owner.
 *
 * @module
 */

import { log } from "../../../log.ts";
import { loadAndFollow, type StateStore } from "../../state_store.ts";
import { RecentEntries } from "./recent_entries.ts";

/** Where they are in the state store, by key of the account, and how long without a log-in. */
export const KNOWN_ADDRESS_STATE = {
  service: "known-addresses",
  unusedMs: 180 * 24 * 60 * 60 * 1000,
} as const;
/** Most addresses of an account. */
const MOST_OF_ONE = 8;
const { service: SERVICE } = KNOWN_ADDRESS_STATE;

export class KnownAddresses {
  readonly #state: StateStore | undefined;
  /** By account, the latest last. */
  readonly #networks: RecentEntries<readonly string[]>;
  /** What is being stored, by account. */
  readonly #unstored = new Map<string, readonly string[]>();
  readonly #pending = new Set<Promise<void>>();

  /**
   * Without any addresses.
   *
   * @param most Accounts that are remembered; beyond, the one seen longest ago is forgotten.
   * @param state Where they are stored. @default {nowhere}
   */
  constructor(most: number, state?: StateStore) {
    this.#networks = new RecentEntries(most);
    this.#state = state;
  }

  /** Loads all, and takes over those of the other nodes of a cluster. */
  static async open(most: number, state: StateStore): Promise<KnownAddresses> {
    const known = new KnownAddresses(most, state);
    await loadAndFollow(state, SERVICE, (account, text) => {
      const networks = withLatest(parse(text), known.#unstored.get(account));
      if (networks.length > 0) known.#networks.set(account, networks);
      else known.#networks.delete(account);
    });
    return known;
  }

  /** @param network What an address stands for. */
  has(account: string, network: string): boolean {
    return this.#networks.get(account)?.includes(network) ?? false;
  }

  /** Remembers that somebody logged in to an account. */
  add(account: string, network: string): void {
    this.#networks.set(account, withLatest(this.#networks.get(account) ?? [], [network]));
    if (!this.#state) return;
    const isUnderWay = this.#unstored.has(account);
    this.#unstored.set(account, withLatest(this.#unstored.get(account) ?? [], [network]));
    if (!isUnderWay) this.#track(this.#storeAdded(account, this.#state));
  }

  /** Forgets all addresses of an account. */
  forget(account: string): void {
    this.#networks.delete(account);
    this.#unstored.delete(account);
    const removed = this.#state?.update(SERVICE, account, (text) => {
      return { value: text === undefined ? undefined : null, result: undefined };
    });
    if (removed) this.#track(removed);
  }

  /** Resolves once everything is stored. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Stores what has been added, and what is added meanwhile. */
  async #storeAdded(account: string, state: StateStore): Promise<void> {
    try {
      for (let added; added !== this.#unstored.get(account);) {
        const latest = added = this.#unstored.get(account);
        await state.update(SERVICE, account, (text = "") => {
          const value = withLatest(parse(text), latest).join(" ");
          // The same value only counts as a use, which is noted once a day.
          return { value: value === text ? undefined : value, result: undefined };
        });
      }
    } finally {
      this.#unstored.delete(account);
    }
  }

  #track(work: Promise<void>): void {
    const done = work.catch((error) => {
      log("accounts").warning("Cannot store the addresses of an account: {error}", { error });
    }).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }
}

/** Networks with some of them the latest; the earliest are dropped if there are too many. */
function withLatest(networks: readonly string[], latest: readonly string[] = []): string[] {
  return [...networks.filter((each) => !latest.includes(each)), ...latest].slice(-MOST_OF_ONE);
}

function parse(text: string | null): string[] {
  return (text ?? "").split(" ").filter((network) => network !== "");
}
