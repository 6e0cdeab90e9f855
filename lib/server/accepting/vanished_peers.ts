/**
 * Closes the connections of vanished machines, which no read and no write reveals in time.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { log } from "../../log.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import { peerKey } from "../../transport/silent_peers.ts";
import { PROVEN_REPEATS } from "../connections/peer_probes.ts";
import { lacksDescriptors } from "./descriptor_reserve.ts";

/** How often vanished machines are looked for. */
const INTERVAL_MS = 10_000;
/** How long a peer may acknowledge nothing. */
const MOST_SILENT_MS = 40_000;

export interface VanishedPeersOptions {
  readonly clock: Clock;
  /** As `countRepeats` in `transport/`. @default {vanished machines are not looked for} */
  readonly countRepeats?: () => Promise<ReadonlyMap<string, number>>;
}

/** The search of a server. */
export class VanishedPeers {
  readonly #options: VanishedPeersOptions;
  /** Since when each peer that acknowledges nothing has been seen to do so. */
  #silentSince: ReadonlyMap<string, number> = new Map();
  /** When they were last looked for; `Infinity` if the system does not tell. */
  #soughtAt = -Infinity;

  constructor(options: VanishedPeersOptions) {
    this.#options = options;
  }

  /**
   * Looks for them if that is due. Never rejects.
   *
   * @param connections Those that are open; read only after looking.
   */
  async close(connections: Iterable<ByteConnection>): Promise<void> {
    const { clock, countRepeats } = this.#options;
    if (!countRepeats || clock.monotonic() - this.#soughtAt < INTERVAL_MS) return;
    this.#soughtAt = clock.monotonic();
    try {
      const counts = await countRepeats();
      const now = clock.monotonic();
      const silent = Array.from(counts).filter(([, repeats]) => repeats >= PROVEN_REPEATS);
      this.#silentSince = new Map(
        silent.map(([key]) => [key, this.#silentSince.get(key) ?? now]),
      );
      if (silent.length === 0) return;
      for (const connection of connections) {
        const key = peerKey(connection.remote);
        const since = key === undefined ? undefined : this.#silentSince.get(key);
        if (since !== undefined && now - since >= MOST_SILENT_MS) connection.close();
      }
    } catch (error) {
      if (!lacksDescriptors(error)) this.#soughtAt = Infinity;
      log("server").debug("Cannot find vanished peers: {error}", { error });
    }
  }
}
