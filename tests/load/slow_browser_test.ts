/** A browser that reads nothing while others talk, on the real server. */

import { assertEquals, assertLess } from "@std/assert";
import { Counter, enterFlood, flood, FLOODED_ROOM, type FloodOptions } from "../support/flood.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";

const MESSAGES = rounds(40_000, 60_000);

Deno.test(`A browser that stalls through ${MESSAGES.toLocaleString("en")} messages costs little and misses nothing`, async () => {
  const options: FloodOptions = { senders: 2, linesEach: MESSAGES / 2, width: 400 };
  await using server = await ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--flood-rate", "0", "--stall", "3600"],
    denoFlags: [
      ...["--allow-net", "--allow-read", "--allow-write", "--allow-env"],
      // In a small heap, memory shows what is retained, not what is not yet collected.
      "--v8-flags=--max-heap-size=64",
    ],
  });
  const hear = async () => {
    const counter = new Counter(await enterFlood(server.port, "listener"), options);
    await Promise.all([flood(server.port, options), counter.done]);
    await counter.close();
  };
  await hear();
  const usual = (await server.memory()).highest;
  using slow = await RawPeer.connect(Number(new URL(server.web).port));
  await slow.upgrade();
  await slow.sendMessage({ type: "hello", name: "slow", rooms: [{ room: FLOODED_ROOM }] });
  while ((await slow.readMessage()).type !== "live");
  await hear();
  const next = new Array<number>(options.senders).fill(0);
  let lastSeq = 0;
  for (let heard = 0; heard < options.senders * options.linesEach;) {
    const { type, events } = await slow.readMessage();
    if (type !== "events") continue;
    for (const { seq, kind, from, body } of events) {
      if (lastSeq > 0) assertEquals(seq, lastSeq + 1);
      lastSeq = seq;
      if (kind !== "message") continue;
      heard++;
      assertEquals(Number(/^\d+/.exec(body)), next[Number(from.slice("flood".length))]++);
    }
  }
  // The threads that read the past have heaps of their own, which grow once, however many read.
  assertLess((await server.memory()).highest - usual, 64 * 2 ** 20);
});
