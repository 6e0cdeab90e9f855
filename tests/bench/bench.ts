/**
 * `deno task bench` compares the chat with a 25-line chat server on node:net, in the same run and
 * under the same load. Figures are medians of three rounds.
 *
 * On Linux, `taskset` pins the server to one core and the load to another.
 *
 * @module
 */

import type { Load } from "./load.ts";
import { machineText } from "./machine.ts";
import { measure, type Measured, startNodeChat, startPartyline } from "./measure.ts";

const ROUNDS = 3;
const SECONDS = 4;

interface Scenario {
  readonly title: string;
  readonly load: Omit<Load, "port">;
  /** The cell of the table. */
  readonly figure: (result: Measured) => string;
  readonly value: (result: Measured) => number;
  /** Whether the node:net chat can run it; it has no rooms. */
  readonly hasPeer: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  flood("A  1 room, 100 members, 10 flood it", 100, 10, 1, 64),
  flood("B  1 room, 1,000 members, 10 flood it", 1000, 10, 1, 16),
  {
    title: "C  1 room, 500 members, 100 messages/s",
    load: { clients: 500, senders: 10, rooms: 1, rate: 100, seconds: SECONDS },
    figure: ({ p50, p99, cpu }) =>
      `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, CPU ${(cpu * 100).toFixed(0)} %`,
    value: ({ p99 }) => p99,
    hasPeer: true,
  },
  { ...flood("D  100 rooms of 10 members, 1 floods each", 1000, 100, 100, 16), hasPeer: false },
  {
    title: "E  5,000 silent members",
    load: { clients: 5000, senders: 0, rooms: 1, seconds: 1 },
    figure: ({ bytesPerClient, connectsPerSecond }) =>
      `${(bytesPerClient / 1024).toFixed(1)} KiB each, ${connectsPerSecond.toFixed(0)} logins/s`,
    value: ({ bytesPerClient }) => bytesPerClient,
    hasPeer: true,
  },
];

function flood(
  title: string,
  clients: number,
  senders: number,
  rooms: number,
  window: number,
): Scenario {
  return {
    title,
    load: { clients, senders, rooms, window, seconds: SECONDS },
    figure: ({ deliveriesPerSecond, p99 }) =>
      `${(deliveriesPerSecond / 1e6).toFixed(2)} M deliveries/s, p99 ${p99.toFixed(0)} ms`,
    value: ({ deliveriesPerSecond }) => deliveriesPerSecond,
    hasPeer: true,
  };
}

console.log(await machineText());
console.log(
  `Medians of ${ROUNDS} runs of ${SECONDS} s. Partyline writes every message to its log.\n`,
);
for (const { title, load, figure, value, hasPeer } of SCENARIOS) {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measure(startPartyline, load));
    if (hasPeer) theirs.push(await measure(startNodeChat, load));
  }
  console.log(title);
  console.log(`   partyline     ${figure(median(ours, value))}`);
  if (hasPeer) console.log(`   node:net      ${figure(median(theirs, value))}`);
}

function median(results: Measured[], value: (result: Measured) => number): Measured {
  return results.sort((a, b) => value(a) - value(b))[Math.floor(results.length / 2)];
}
