/** Nodes of a cluster in memory, over a stream without faults. */

import { assert } from "@std/assert";
import { PersonLedger } from "../../lib/backplane/person_ledger.ts";
import type { EntryStream } from "../../lib/backplane/entry_stream.ts";
import { FakeClock, nextTurn } from "./fake_clock.ts";
import { MemoryDisk, MemoryNode, type MemoryNodeOptions } from "./memory_node.ts";
import { MemoryStream } from "./memory_stream.ts";
import type { SeededRandom } from "./random.ts";

/** Turns of the event loop that a node may read late: now and then many, so that much is read at once. */
const LATE = { often: 6, rarely: 80 };
/** Turns of the event loop without an entry after which nothing more is expected. */
const QUIET_TURNS = 12;

export class MemoryCluster implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly stream: MemoryStream;
  readonly nodes: MemoryNode[] = [];

  readonly #random: SeededRandom | undefined;

  /**
   * @param random Decides how late nodes read, and how many entries at a time. @default {all that are
   * there at once}
   */
  constructor(random?: SeededRandom) {
    this.#random = random;
    this.stream = new MemoryStream({ clock: this.clock, random });
  }

  async start(node: string, options?: Partial<MemoryNodeOptions>): Promise<MemoryNode> {
    const { clock } = this;
    const stream = { connect: () => this.#connect() };
    const { disk = new MemoryDisk(clock) } = options ?? {};
    const ledger = await PersonLedger.read(disk.state);
    const started = await MemoryNode.start({ stream, clock, node, ledger, ...options, disk });
    this.nodes.push(started);
    return started;
  }

  #connect(): EntryStream {
    const stream = this.stream.connect();
    const random = this.#random;
    if (!random) return stream;
    const read = async function* (after: number, signal: AbortSignal) {
      for await (const entries of stream.read(after, signal)) {
        const most = random.next() < 0.9 ? LATE.often : LATE.rarely;
        for (let turns = random.int(most); turns > 0; turns--) await nextTurn();
        yield entries;
      }
    };
    return { ...stream, read };
  }

  /** Waits until all nodes have applied everything and send nothing more. */
  async settle(): Promise<void> {
    let last = 0;
    for (let turn = 0, quiet = 0; quiet < QUIET_TURNS; turn++) {
      assert(turn < 10_000, "the nodes never come to rest");
      await nextTurn();
      const { lastSeq } = this.stream;
      const isQuiet = lastSeq === last &&
        this.nodes.every(({ replica }) => replica.position.seq === lastSeq);
      quiet = isQuiet ? quiet + 1 : 0;
      last = lastSeq;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node[Symbol.asyncDispose]();
  }
}
