/**
 * Finds out whether a peer's machine is still there, for somebody who wants what the peer holds.
 *
 * A machine that vanished sends nothing, and neither does a person who thinks. Only the system knows
 * the difference: it gets no acknowledgement of what it sends. So the peer is sent something, and
 * the socket table tells the rest within 5 seconds.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { log } from "../../log.ts";
import type { ByteConnection } from "../../transport/connection.ts";
import { peerKey } from "../../transport/silent_peers.ts";

/**
 * When the table is looked at, in milliseconds from the start. By the first look, nearly every
 * machine that is there has acknowledged.
 */
const LOOKS_MS = [300, 1000, 2000, 3000, 4000, 5000];
/** Repeats that prove silence: 3 seconds of it in a local network, where they come soonest. */
export const PROVEN_REPEATS = 4;
/** Repeats that prove it at the last look, for a distant peer, to which they come later. */
const LAST_REPEATS = 2;
/** From this look on, a peer that was sent nothing twice is there, and busy. */
const BUSY_FROM_MS = 2000;
/** How long an answer holds, so that nobody can have a peer probed all the time. */
const ANSWER_MS = 10_000;
/** Probes under way at a time. Beyond that, peers count as reachable. */
const MAX_PROBES = 16;
/** Looks of different probes within this time share a copy of the table. */
const SHARED_MS = 200;

/** How to reach a peer. */
export interface ProbedPeer {
  /** `reads` grows whenever something is read from the peer. */
  readonly activity: { readonly reads: number };
  /** Whether {@linkcode ProbedPeer.nudge} makes its client send something. */
  readonly replies: boolean;
  /** Sends something, which its machine will acknowledge. */
  nudge(): void;
}

export interface PeerProbesOptions {
  readonly clock: Clock;
  /** As `countRepeats` in `transport/`. @default {only peers that reply can be probed} */
  readonly countRepeats?: () => Promise<ReadonlyMap<string, number>>;
}

interface Probe {
  readonly isReachable: Promise<boolean>;
  readonly doubters: (() => void)[];
  isInDoubt: boolean;
}

/** The probes of a server. */
export class PeerProbes {
  readonly #options: PeerProbesOptions;
  readonly #running = new Map<ByteConnection, Probe>();
  readonly #answeredAt = new WeakMap<ByteConnection, number>();
  #table: { readonly at: number; readonly repeats: Promise<Repeats | undefined> } | undefined;

  constructor(options: PeerProbesOptions) {
    this.#options = options;
  }

  /**
   * Resolves to whether the machine at the other end answers, within 5 seconds; to `true` if it
   * cannot be known.
   *
   * @param onDoubt Called if it does not answer within a moment.
   */
  async isReachable(
    connection: ByteConnection,
    peer: ProbedPeer,
    onDoubt: () => void,
  ): Promise<boolean> {
    const { clock, countRepeats } = this.#options;
    let probe = this.#running.get(connection);
    if (!probe) {
      const key = peerKey(connection.remote);
      if (key === undefined || (!countRepeats && !peer.replies)) return true;
      const isRecent = clock.monotonic() - this.#answeredAt.get(connection)! < ANSWER_MS;
      if (isRecent || this.#running.size >= MAX_PROBES) return true;
      probe = this.#start(connection, key, peer);
    }
    if (probe.isInDoubt) onDoubt();
    else probe.doubters.push(onDoubt);
    return await probe.isReachable;
  }

  #start(connection: ByteConnection, key: string, peer: ProbedPeer): Probe {
    const doubters: (() => void)[] = [];
    const onDoubt = () => {
      probe.isInDoubt = true;
      for (const doubter of doubters) doubter();
    };
    const probe: Probe = {
      doubters,
      isInDoubt: false,
      isReachable: this.#probe(key, peer, onDoubt).then((isReachable) => {
        this.#running.delete(connection);
        if (isReachable) this.#answeredAt.set(connection, this.#options.clock.monotonic());
        return isReachable;
      }),
    };
    this.#running.set(connection, probe);
    return probe;
  }

  async #probe(key: string, peer: ProbedPeer, onDoubt: () => void): Promise<boolean> {
    const { clock } = this.#options;
    const { activity } = peer;
    const { reads } = activity;
    peer.nudge();
    let elapsed = 0;
    for (const at of LOOKS_MS) {
      await sleep(clock, at - elapsed);
      elapsed = at;
      const table = await this.#look();
      // What is read may have come long before; only without a table is it all we know.
      if (!table && (!peer.replies || activity.reads !== reads)) return true;
      const verdict = table && judge(table.get(key), at);
      if (verdict !== undefined) return verdict;
      if (at === LOOKS_MS[0]) onDoubt();
    }
    return false;
  }

  /** The table, not older than a moment; `undefined` if the system does not tell. */
  #look(): Promise<Repeats | undefined> {
    const { clock, countRepeats } = this.#options;
    if (!countRepeats) return Promise.resolve(undefined);
    const now = clock.monotonic();
    if (!this.#table || now - this.#table.at >= SHARED_MS) {
      const repeats = countRepeats().catch((error) => {
        log("server").debug("Cannot look for vanished peers: {error}", { error });
        return undefined;
      });
      this.#table = { at: now, repeats };
    }
    return this.#table.repeats;
  }
}

type Repeats = ReadonlyMap<string, number>;

/**
 * Whether a peer is there; `undefined` if that is not clear yet.
 *
 * @param repeats `undefined` if it owes no acknowledgement.
 */
function judge(repeats: number | undefined, elapsedMs: number): boolean | undefined {
  if (repeats === undefined) return true;
  if (repeats >= PROVEN_REPEATS) return false;
  if (repeats === 0 && elapsedMs >= BUSY_FROM_MS) return true;
  return elapsedMs === LOOKS_MS.at(-1) ? repeats < LAST_REPEATS : undefined;
}
