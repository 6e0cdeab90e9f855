/** A stalled reader costs the server little, and misses nothing. */

import { assertEquals, assertLess } from "@std/assert";
import { Counter, enterFlood, flood, type FloodOptions } from "../support/flood.ts";
import { rounds } from "../support/rounds.ts";
import { PERMISSIONS, ServerProcess } from "../support/server_process.ts";

const MIB = 2 ** 20;
const MESSAGES = rounds(50_000, 200_000);
const FLOOD: FloodOptions = { senders: 4, linesEach: MESSAGES / 4, width: 400 };
/**
 * The JavaScript heap of the server. By default the garbage collector lets 50 to 200 MiB pile up,
 * more on a busy machine. In a small heap, memory shows what is retained rather than what is not yet
 * collected, and too much of it ends the program.
 */
const HEAP_MIB = 64;
/**
 * How much a stalled reader may add to the peak memory of the same flood without one, while it
 * stalls and while it is fed from the log. Its outbox is 1/4 MiB. The room keeps 2 MiB of text for
 * readers that are behind, four times that with its renderings. The rest is noise: up to 20 MiB in
 * all were measured. With 200,000 messages an unbounded outbox adds over 60.
 */
const MOST_ADDED = 40 * MIB;

/** Floods a room while a member listens, and returns what that member got. */
async function floodAndHear(port: number): Promise<number[]> {
  const counter = new Counter(await enterFlood(port, "listener"), FLOOD);
  await Promise.all([flood(port, FLOOD), counter.done]);
  await counter.close();
  assertEquals(counter.strays, []);
  return counter.heard;
}

/** Throws unless the lines of every sender are there, each once and in order. */
function checkComplete(heard: readonly number[]): void {
  const next = new Array<number>(FLOOD.senders).fill(0);
  for (const line of heard) {
    const sender = Math.floor(line / 1e6);
    assertEquals(line % 1e6, next[sender]++, `The line of sender ${sender} that was heard next`);
  }
  assertEquals(next, new Array(FLOOD.senders).fill(FLOOD.linesEach));
}

Deno.test(`A reader that stalls through ${MESSAGES.toLocaleString("en")} messages costs little and misses nothing`, async () => {
  await using server = await ServerProcess.start({
    args: ["--flood-rate", "0", "--stall", "3600"],
    denoFlags: [...PERMISSIONS, `--v8-flags=--max-heap-size=${HEAP_MIB}`],
  });
  checkComplete(await floodAndHear(server.port));
  await floodAndHear(server.port);
  const usual = (await server.memory()).highest;

  const stalled = await enterFlood(server.port, "stalled");
  stalled.pause();
  const live = await floodAndHear(server.port);
  const whileStalled = (await server.memory()).highest - usual;

  const counter = new Counter(stalled, FLOOD);
  stalled.resume();
  await counter.done;
  const caughtUp = (await server.memory()).highest - usual;
  await counter.close();
  checkComplete(counter.heard);
  const wrong = counter.heard.findIndex((line, index) => line !== live[index]);
  assertEquals(wrong, -1, `Line ${wrong + 1} is not the one that the others heard there`);
  assertEquals(counter.strays, ["* listener joined", "* listener left"]);
  assertLess(whileStalled, MOST_ADDED);
  assertLess(caughtUp, MOST_ADDED);
});
