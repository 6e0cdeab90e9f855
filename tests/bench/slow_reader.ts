/**
 * How much one reader who takes nothing slows down the others in its room: the same flood with and
 * without it, in turns on one server, and the medians. A shorter flood goes before each, so that
 * what is measured is a reader whose buffers are full, not one whose buffers are being filled.
 *
 *     deno run --allow-net --allow-read --allow-write --allow-env --allow-run tests/bench/slow_reader.ts
 *
 * `PARTYLINE_BENCH_ROUNDS` is how many of each kind, 11 if unset.
 *
 * @module
 */

import { Counter, enterFlood, flood, type FloodOptions } from "../support/flood.ts";
import { ServerProcess } from "../support/server_process.ts";

const ROUNDS = Number(Deno.env.get("PARTYLINE_BENCH_ROUNDS") ?? 11);
const FLOOD: FloodOptions = { senders: 4, linesEach: 100_000, width: 80 };
/** More than the system buffers for one connection, which is some 6 MiB. */
const FIRST_FLOOD: FloodOptions = { ...FLOOD, linesEach: 25_000 };
const MESSAGES = FLOOD.senders * FLOOD.linesEach;

/** Messages a second that an ordinary member was told. */
async function measure(port: number): Promise<number> {
  await hear(port, FIRST_FLOOD);
  return MESSAGES / await hear(port, FLOOD);
}

/** Seconds that it took until a listener had heard a whole flood. */
async function hear(port: number, options: FloodOptions): Promise<number> {
  const counter = new Counter(await enterFlood(port, "listener"), options);
  const start = performance.now();
  await Promise.all([flood(port, options), counter.done]);
  const seconds = (performance.now() - start) / 1000;
  await counter.close();
  return seconds;
}

async function measureWithStalled(port: number): Promise<number> {
  const stalled = await enterFlood(port, "stalled");
  stalled.pause();
  const rate = await measure(port);
  await stalled.close();
  return rate;
}

function median(rates: readonly number[]): number {
  return rates.toSorted((a, b) => a - b)[rates.length >> 1];
}

function row(what: string, rates: readonly number[]): string {
  const numbers = [median(rates), Math.min(...rates), Math.max(...rates)]
    .map((rate) => Math.round(rate).toLocaleString("en").padStart(10));
  return `${what.padEnd(20)}${numbers.join("")}`;
}

if (import.meta.main) {
  await using server = await ServerProcess.start({
    args: ["--flood-rate", "0", "--stall", "3600"],
  });
  await measure(server.port); // the first run is slower, whoever is in it
  const without: number[] = [];
  const withStalled: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Turn about, so that neither has the quieter machine or the shorter log.
    const isFirst = round % 2 === 0;
    if (isFirst) without.push(await measure(server.port));
    withStalled.push(await measureWithStalled(server.port));
    if (!isFirst) without.push(await measure(server.port));
  }
  const change = (median(withStalled) / median(without) - 1) * 100;
  console.log(
    `${MESSAGES.toLocaleString("en")} messages a round, messages a second to each member`,
  );
  console.log(`${"".padEnd(20)}    median       min       max`);
  console.log(row("all read", without));
  console.log(row("one does not read", withStalled));
  console.log(`change: ${change >= 0 ? "+" : ""}${change.toFixed(1)} %`);
}
