/**
 * Who of the nodes is alive, and who decides for all. Each node tells the others once a second that
 * it is there. One that has not been heard from for some seconds is declared gone by an entry of the
 * stream, so that all nodes agree; that ends its run, and its people leave.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import type { Courier } from "../domain/courier.ts";
import { log } from "../log.ts";
import type { NodeRun } from "./entry.ts";

const BEAT_MS = 1000;
/** A node is gone if it has not been heard from for this long. */
const LEASE_MS = 6000;
/** A beat that comes later than this says that this process was stopped, and heard nobody. */
const LATE_MS = 3000;
const TOPIC = "alive";

export interface LeasesOptions {
  /** The name of this node. */
  readonly node: string;
  readonly courier: Courier;
  /** The last run of each node by its name, and whether it is over. */
  runs(): ReadonlyMap<string, { readonly incarnation: string; readonly isGone?: true }>;
  /** Whether this node reaches the stream. */
  isReached(): boolean;
  /** Ends the run of another node. */
  submitGone(run: NodeRun): void;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class Leases implements Disposable {
  readonly #options: LeasesOptions;
  readonly #clock: Clock;
  /** When each node was heard from last, by the monotonic clock. */
  readonly #heardAt = new Map<string, number>();
  /** Runs that this node has declared gone. */
  readonly #declared = new Map<string, string>();
  readonly #stopListening: () => void;
  /** Nodes not heard from since have not had the time to be. */
  #since: number;
  #beatAt: number;
  #cancelBeat: () => void;

  constructor(options: LeasesOptions) {
    const { courier, clock = systemClock } = this.#options = options;
    this.#clock = clock;
    this.#since = this.#beatAt = clock.monotonic();
    this.#stopListening = courier.onAnnounced(TOPIC, (_, node) => {
      this.#heardAt.set(node, clock.monotonic());
    });
    this.#cancelBeat = clock.after(0, () => this.#beat());
  }

  /** The nodes that are alive, by name, with this one. */
  get alive(): readonly string[] {
    const { node, runs } = this.#options;
    const others = [...runs()].filter(([name, { isGone }]) => {
      return name !== node && !isGone && this.#isHeard(name);
    });
    return [node, ...others.map(([name]) => name)].sort();
  }

  /** Whether this node decides what one node decides for all. */
  isDecider(): boolean {
    return this.#options.isReached() && this.alive[0] === this.#options.node;
  }

  [Symbol.dispose](): void {
    this.#stopListening();
    this.#cancelBeat();
  }

  #beat(): void {
    const now = this.#clock.monotonic();
    const { courier, isReached } = this.#options;
    const wasStopped = now - this.#beatAt > LATE_MS;
    this.#beatAt = now;
    this.#cancelBeat = this.#clock.after(BEAT_MS, () => this.#beat());
    courier.announce(TOPIC, "");
    // A node that is cut off gets no heartbeats, and must not declare the others gone afterwards.
    if (wasStopped || !isReached()) this.#since = now;
    else if (this.isDecider()) this.#declareGone();
  }

  #declareGone(): void {
    const { node, runs, submitGone } = this.#options;
    for (const [name, { incarnation, isGone }] of runs()) {
      const isDeclared = this.#declared.get(name) === incarnation;
      if (name === node || isGone || isDeclared || this.#isHeard(name)) continue;
      this.#declared.set(name, incarnation);
      log("cluster").warning("Node {name} has not been heard from for {seconds} s: it is gone", {
        name,
        seconds: LEASE_MS / 1000,
      });
      submitGone({ node: name, incarnation });
    }
  }

  #isHeard(name: string): boolean {
    const heardAt = Math.max(this.#heardAt.get(name) ?? 0, this.#since);
    return this.#clock.monotonic() - heardAt < LEASE_MS;
  }
}
