/** A node of a cluster in memory: everything below the rooms, and a record of what came of it. */

import { Replica, type ReplicaOptions } from "../../lib/backplane/replica.ts";
import {
  ReplicatedSequencer,
  type ReplicatedSequencerOptions,
} from "../../lib/backplane/replicated_sequencer.ts";
import { ReplicatedStateStore } from "../../lib/backplane/replicated_state.ts";
import type { Clock } from "../../lib/clock.ts";
import type { RoomEvent } from "../../lib/domain/room_event.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import type { EntryStream } from "../../lib/backplane/entry_stream.ts";
import { TrialLog } from "./trial_log.ts";

/** What a node keeps on disk. */
export class MemoryDisk {
  readonly state: MemoryStateStore;
  readonly log: TrialLog;

  constructor(clock?: Clock) {
    this.state = new MemoryStateStore(clock);
    this.log = new TrialLog(clock, (setting) => this.state.set(setting));
  }
}

export interface MemoryNodeOptions {
  readonly stream: { connect(): EntryStream };
  readonly node: string;
  readonly clock?: Clock;
  readonly disk?: MemoryDisk;
  readonly ledger?: ReplicaOptions["ledger"];
  /** Whether it decides what one node decides. @default {true} */
  readonly isDecider?: boolean;
  readonly nextTurn?: ReplicatedSequencerOptions["nextTurn"];
  readonly courier?: ReplicatedSequencerOptions["courier"];
}

export class MemoryNode implements AsyncDisposable {
  readonly disk: MemoryDisk;
  readonly sequencer: ReplicatedSequencer;
  readonly replica: Replica;
  readonly state: ReplicatedStateStore;
  /** Everything that was delivered in this run. */
  readonly events: RoomEvent[] = [];
  readonly refused: string[] = [];
  /** Why it cannot go on. */
  failure: Error | undefined;

  private constructor(replica: Replica, disk: MemoryDisk, options: MemoryNodeOptions) {
    const { stream, node, clock, nextTurn, courier } = options;
    this.disk = disk;
    this.replica = replica;
    this.sequencer = new ReplicatedSequencer({
      stream: stream.connect(),
      replica,
      log: disk.log,
      node,
      clock,
      nextTurn,
      courier,
      onFailure: (reason) => this.failure = reason,
    });
    const isDecider = () => options.isDecider ?? true;
    this.state = new ReplicatedStateStore({
      table: disk.state,
      sequencer: this.sequencer,
      isDecider,
      clock,
    });
    this.sequencer.listen({
      committed: (events) => void this.events.push(...events),
      refused: (drafts) => void this.refused.push(...drafts.map(({ body }) => body)),
    });
  }

  /** Opens a node; it has to be started. */
  static async open(options: MemoryNodeOptions): Promise<MemoryNode> {
    const { disk = new MemoryDisk(options.clock), ledger, nextTurn } = options;
    const replica = await Replica.open({ ...disk, ledger, nextTurn });
    return new MemoryNode(replica, disk, options);
  }

  /** Opens a node and starts it. */
  static async start(options: MemoryNodeOptions): Promise<MemoryNode> {
    const node = await MemoryNode.open(options);
    await node.sequencer.catchUp();
    await node.sequencer.start();
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sequencer[Symbol.asyncDispose]();
  }
}
