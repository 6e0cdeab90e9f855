/**
 * `deno task bench:slow-reader` measures how much a member that does not read slows down the others
 * in its room, by the same flood with and without it, in turns on one server. Figures are medians. A
 * shorter flood before each one fills the buffers of that member.
 *
 * `PARTYLINE_BENCH_ROUNDS` sets the number of floods of each kind, by default 11.
 *
 * @module
 */

import { Counter, enterFlood, flood, type FloodOptions } from "../support/flood.ts";
import { ServerProcess } from "../support/server_process.ts";

const ROUNDS = Number(Deno.env.get("PARTYLINE_BENCH_ROUNDS") ?? 11);
const FLOOD: FloodOptions = { senders: 4, linesEach: 100_000, width: 80 };
/** More than the system buffers for one connection, about 6 MiB. */
const FIRST_FLOOD: FloodOptions = { ...FLOOD, linesEach: 25_000 };
const MESSAGES = FLOOD.senders * FLOOD.linesEach;

/** Resolves to the messages per second that an ordinary member received. */
async function measure(port: number): Promise<number> {
  await hear(port, FIRST_FLOOD);
  return MESSAGES / await hear(port, FLOOD);
}

/** Resolves to the seconds until a listener has received a whole flood. */
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
  await measure(server.port); // the first run is always slower
  const without: number[] = [];
  const withStalled: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Alternates the order, so that neither kind has the quieter machine or the shorter log.
    const isFirst = round % 2 === 0;
    if (isFirst) without.push(await measure(server.port));
    withStalled.push(await measureWithStalled(server.port));
    if (!isFirst) without.push(await measure(server.port));
  }
  const change = (median(withStalled) / median(without) - 1) * 100;
  console.log(
    `${MESSAGES.toLocaleString("en")} messages per round; messages/s to each member`,
  );
  console.log(`${"".padEnd(20)}    median       min       max`);
  console.log(row("all read", without));
  console.log(row("one does not read", withStalled));
  console.log(`change: ${change >= 0 ? "+" : ""}${change.toFixed(1)} %`);
}
