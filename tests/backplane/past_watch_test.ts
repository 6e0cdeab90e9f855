import { assert, assertEquals, assertMatch } from "@std/assert";
import { PastWatch } from "../../lib/backplane/past_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryPost } from "../support/memory_courier.ts";
import { MemoryNode } from "../support/memory_node.ts";
import { MemoryStream } from "../support/memory_stream.ts";
import { draftOf } from "../support/room_events.ts";

/** Nodes that watch each other; some of them read from a server with entries of its own. */
class Cluster implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly stream = new MemoryStream({ clock: this.clock });
  readonly failures = new Map<string, string>();
  readonly nodes: MemoryNode[] = [];
  readonly #post = new MemoryPost();
  readonly #stack = new AsyncDisposableStack();

  async start(node: string, isMisled = false): Promise<MemoryNode> {
    const { clock, stream } = this;
    const connect = () => isMisled ? misled(stream) : stream.connect();
    const started = await MemoryNode.start({ stream: { connect }, clock, node });
    this.#stack.use(started);
    this.#stack.use(
      new PastWatch({
        node,
        clock,
        courier: this.#post.connect(node),
        replica: started.replica,
        onFailure: ({ message }) => this.failures.set(node, message),
      }),
    );
    this.nodes.push(started);
    return started;
  }

  /** Has all nodes apply entries, and compare what they have applied. */
  async talk(): Promise<void> {
    for (const { sequencer } of this.nodes) sequencer.submit(draftOf("tea", "hello"));
    await this.clock.advance(10_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** A server that stored each message a second later. */
function misled(stream: MemoryStream): ReturnType<MemoryStream["connect"]> {
  const real = stream.connect();
  return {
    ...real,
    async *read(after, signal) {
      for await (const entries of real.read(after, signal)) {
        yield entries.map((entry) => ({ ...entry, at: entry.at + 1000 }));
      }
    },
  };
}

Deno.test("PastWatch stops no node while all have applied the same entries", async () => {
  await using cluster = new Cluster();
  for (const node of ["a", "b", "c"]) await cluster.start(node);
  await cluster.talk();
  assertEquals([...cluster.failures.keys()], []);
  assert(cluster.nodes.every(({ events }) => events.length === 3));
});

Deno.test("PastWatch stops the node whose entries differ from those of most nodes", async () => {
  await using cluster = new Cluster();
  await cluster.start("a", true);
  await cluster.start("b");
  await cluster.start("c");
  await cluster.talk();
  assertEquals([...cluster.failures.keys()], ["a"]);
  assertMatch(
    cluster.failures.get("a")!,
    /^This node has applied different entries from b, c, up to entry \d+ of the stream: .*partyline backup/,
  );
});

Deno.test("PastWatch stops the second by name if two nodes differ", async () => {
  await using cluster = new Cluster();
  await cluster.start("a");
  await cluster.start("b", true);
  await cluster.talk();
  assertEquals([...cluster.failures.keys()], ["b"]);
});

Deno.test("PastWatch continues from the mark that a node has stored", async () => {
  await using cluster = new Cluster();
  await cluster.start("a");
  const { disk, sequencer } = await cluster.start("b");
  await cluster.talk();
  await sequencer[Symbol.asyncDispose]();
  const { stream, clock } = cluster;
  await using restarted = await MemoryNode.start({ stream, clock, node: "b", disk });
  const { position, marks } = restarted.replica;
  assertEquals(marks.at(position.seq), cluster.nodes[0].replica.marks.at(position.seq));
  assert(position.mark);
});
