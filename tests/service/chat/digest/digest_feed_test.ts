/** Feeds of digests, in which log lines are collapsed: live, replayed, and from the log. */

import { assert, assertEquals } from "@std/assert";
import type { EventSink } from "../../../../lib/domain/feeds/event_sink.ts";
import { RoomFeed } from "../../../../lib/domain/feeds/room_feed.ts";
import { Room } from "../../../../lib/domain/rooms/room.ts";
import type { Draft, RoomEvent } from "../../../../lib/domain/room_event.ts";
import { RoomDigest, RoomDigests } from "../../../../lib/service/chat/digest/room_digest.ts";
import { systemClock } from "../../../../lib/clock.ts";
import { FakeClock, nextTurn } from "../../../support/fake_clock.ts";
import { HELD } from "../../../support/floods.ts";
import { SeededRandom } from "../../../support/random.ts";
import { draftOf } from "../../../support/room_events.ts";
import { TrialLog } from "../../../support/trial_log.ts";

/** A reader that takes a limited number of events until more are read. */
class Peer implements EventSink<RoomDigest> {
  readonly label = "ann";
  readonly told: RoomEvent[] = [];
  readonly reader: RoomFeed<RoomDigest>;
  capacity = Infinity;
  #waiters: (() => void)[] = [];

  constructor(log: TrialLog, digest: RoomDigest) {
    this.reader = new RoomFeed(log, this);
    this.reader.enter(digest);
  }

  take(_digest: RoomDigest, run: readonly RoomEvent[]): boolean {
    if (this.capacity <= 0) return false;
    this.capacity -= run.length;
    this.told.push(...run);
    return true;
  }

  ready = () => this.#wait();
  drained = () => this.#wait();

  fail(reason: Error): void {
    throw reason;
  }

  /** Reads everything, and makes room for more events. */
  read(capacity: number): void {
    this.capacity = capacity;
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async #wait(): Promise<boolean> {
    if (this.capacity <= 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    return true;
  }
}

function setUp() {
  const time = { now: 0 };
  const log = new TrialLog({ ...systemClock, now: () => time.now });
  const room = new Room("lobby");
  const digest = new RoomDigests(new FakeClock(), HELD).open(room);
  const write = async (...drafts: Draft[]) => room.fanOut(await log.append(drafts));
  return { time, log, digest, write };
}

/** The replay buffer holds a few of these. */
const LARGE = "x".repeat(500_000);

function linesOf(count: number, from = "web1"): Draft[] {
  return Array.from({ length: count }, () => draftOf("lobby", "line", { kind: "log", from }));
}

async function untilLive({ reader }: Peer): Promise<void> {
  for (let turn = 0; reader.isBehind; turn++) {
    assert(turn < 10_000, "the reader never catches up");
    await nextTurn();
  }
}

/** The number of a source's events, including those that a collapsed line stands for. */
function count(told: readonly RoomEvent[], from: string): number {
  return told.filter((event) => event.from === from)
    .reduce((sum, { fields }) => sum + Number(fields?.folded ?? 1), 0);
}

Deno.test("RoomFeed that falls behind at a fold gets all of it later, once", async () => {
  const { log, digest, write } = setUp();
  const peer = new Peer(log, digest);
  peer.capacity = 0;
  await write(...linesOf(1204));
  digest.flush();
  await write(draftOf("lobby", "hello"));
  assert(peer.reader.isBehind);
  peer.read(Infinity);
  await untilLive(peer);
  assertEquals(peer.told.map(({ body }) => body), ["... 1,204 lines, #1-#1204", "hello"]);
  // From the replay buffer, so that it is the same object that others got.
  assertEquals(log.reads, []);
});

Deno.test("RoomFeed gets a flood from the log as one line, however many pages it has", async () => {
  const { log, digest, write } = setUp();
  const peer = new Peer(log, digest);
  peer.capacity = 0;
  await write(draftOf("lobby", "before"));
  for (let part = 0; part < 30; part++) await write(...linesOf(1000));
  // More than the replay buffer holds.
  await write(draftOf("lobby", "x".repeat(3_000_000)), draftOf("lobby", "after"));
  peer.read(Infinity);
  await untilLive(peer);
  assertEquals(peer.told.map(({ body }) => body.slice(0, 40)), [
    "before",
    "... 30,000 lines, #2-#30001",
    "x".repeat(40),
    "after",
  ]);
});

Deno.test("RoomFeed yields to other work while it reads a flood from the log", async () => {
  const { log, digest, write } = setUp();
  // As if another thread read it.
  log.hesitation = new SeededRandom(1);
  const peer = new Peer(log, digest);
  peer.capacity = 0;
  await write(draftOf("lobby", "before"));
  for (let part = 0; part < 100; part++) await write(...linesOf(1000));
  await write(draftOf("lobby", "x".repeat(3_000_000)));
  let turns = 0;
  peer.read(Infinity);
  for (; peer.reader.isBehind && turns < 100_000; turns++) await nextTurn();
  assert(turns > 50 && turns < 100_000, `${turns} turns`);
});

for (const seed of [1, 2, 3, 4, 5, 6]) {
  Deno.test(`RoomFeed gets every line once, or in a count, fast or slow (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    const { time, log, digest, write } = setUp();
    log.hesitation = random;
    const peers = [new Peer(log, digest), new Peer(log, digest), new Peer(log, digest)];
    const written = { a: 0, b: 0, ann: 0 };
    let behind = 0;
    for (let step = 0; step < 1200; step++) {
      const drafts = random.int(4) === 0
        ? [draftOf("lobby", random.int(4) === 0 ? LARGE : "hi")]
        : linesOf(random.int(random.pick([4, 300])), random.pick(["a", "b"]));
      for (const { from } of drafts) written[from as keyof typeof written]++;
      if (drafts.length > 0) await write(...drafts);
      if (random.int(3) === 0) digest.flush();
      time.now += random.int(300);
      await nextTurn();
      const [slow, slower] = peers;
      slow.read(random.int(5));
      if (step % 200 > 170) slower.read(random.int(20));
      behind += peers.filter(({ reader }) => reader.isBehind).length;
    }
    digest.flush();
    for (const peer of peers) {
      peer.read(Infinity);
      await untilLive(peer);
      for (const [from, lines] of Object.entries(written)) {
        assertEquals(count(peer.told, from), lines, from);
      }
      const seqs = peer.told.map(({ seq }) => seq);
      assertEquals(seqs, seqs.toSorted((a, b) => a - b));
    }
    assert(behind > 100, `behind ${behind} times`);
    assert(log.reads.length > 10, `${log.reads.length} reads`);
  });
}
