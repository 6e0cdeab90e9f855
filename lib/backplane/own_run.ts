/**
 * The run of this node: it begins with a hello that all nodes apply, and another one begins when the
 * others have declared this node gone.
 *
 * @module
 */

import { log } from "../log.ts";
import type { NumberedRun } from "./cluster_listeners.ts";
import type { Entry, NodeRun } from "./entry.ts";
import type { EntrySender } from "./entry_sender.ts";
import { nextIncarnation } from "./incarnation.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Replica } from "./replica.ts";
import { SameNodeError } from "./same_node_error.ts";

export interface OwnRunOptions {
  /** The name of this node. */
  readonly node: string;
  readonly replica: Replica;
  readonly outgoing: Outgoing;
  readonly sender: EntrySender;
}

export class OwnRun {
  readonly #options: OwnRunOptions;
  #incarnation = "";
  #current: NumberedRun | undefined;

  constructor(options: OwnRunOptions) {
    this.#options = options;
  }

  /** `undefined` until its hello has come back, and while it is over. */
  get current(): NumberedRun | undefined {
    return this.#current;
  }

  /** Whether an entry or a run is this one's. */
  owns({ node, incarnation }: NodeRun): boolean {
    return node === this.#options.node && incarnation === this.#incarnation;
  }

  /** Sends a hello, and after it again all that has not come back. */
  async hello(): Promise<void> {
    const { node, replica, outgoing, sender } = this.#options;
    this.#incarnation = nextIncarnation(replica.runs.get(node)?.incarnation);
    outgoing.hello(await replica.beginning());
    sender.begin({ node, incarnation: this.#incarnation });
  }

  /** The hello has come back. */
  began(run: NumberedRun): void {
    this.#current = run;
  }

  /**
   * The others have declared this node gone. What has not come back never will, and is sent again.
   *
   * @throws {SameNodeError} if another process has taken its place.
   */
  async ended({ incarnation }: NodeRun): Promise<void> {
    const { node, replica } = this.#options;
    if (replica.runs.get(node)?.incarnation !== incarnation) throw new SameNodeError(node);
    log("cluster").warning("The other nodes declared this node gone; it is rejoining them");
    this.#current = undefined;
    await this.hello();
  }

  /** An entry of this run was skipped: it came twice, or one before it got lost. */
  async skipped({ batch }: Pick<Entry, "batch">): Promise<void> {
    const { node, replica, sender } = this.#options;
    const last = replica.runs.get(node);
    if (last?.incarnation === this.#incarnation) return sender.skipped(batch, last.batch + 1);
    // The hello of an earlier run came late, and before this one.
    if (batch === 1 && !this.#current) await this.hello();
  }
}
