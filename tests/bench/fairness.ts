/**
 * `deno task bench:fairness` measures the latency of conversations between two people each, while
 * other clients send one kind of request as fast as they can. For each kind it prints the pairs'
 * round trips, how long newcomers take to enter (99 %), the longest turn of the server's event loop,
 * its memory and the number of answers the attackers got; at the end, how long the server takes to
 * stop.
 *
 *     deno task bench:fairness [KIND ...]
 *
 * `PARTYLINE_BENCH_SECONDS` sets the duration of each kind, by default 5. The pairs and the attackers
 * run in processes of their own; nothing is pinned to a core.
 *
 * @module
 */

import { Attackers } from "../support/fairness/attackers.ts";
import { type AttackKind, ATTACKS } from "../support/fairness/attacks.ts";
import { MeasuredServer } from "../support/fairness/measured_server.ts";
import { Talkers } from "../support/fairness/talkers.ts";
import { pinnedPast } from "../support/fairness/pinned_past.ts";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { machineText, residentBytes } from "./machine.ts";

const SECONDS = Number(Deno.env.get("PARTYLINE_BENCH_SECONDS") ?? 5);

/** A room of 150,000 messages, one whose last 13,000 events are joins and parts, and one of pins. */
function* pastEvents(): Generator<PastDraft> {
  const start = Date.now() - 86_400_000;
  for (let number = 0; number < 150_000; number++) {
    const body = `line ${number} of a long room, with a body of about sixty letters in all`;
    yield {
      room: "big",
      kind: "message",
      from: `user${number % 7}`,
      body,
      at: start + number * 500,
    };
  }
  for (let number = 0; number < 13_030; number++) {
    const kind = number < 30 ? "message" : number % 2 === 0 ? "join" : "part";
    const from = `visitor${number >> 1}`;
    yield { room: "doors", kind, from, body: "", at: start + 75_000_000 + number * 100 };
  }
  yield* pinnedPast(start + 80_000_000);
}

async function measure(
  server: MeasuredServer,
  talkers: Talkers,
  kind: AttackKind,
): Promise<void> {
  const attackers = await Attackers.start(kind, server);
  await server.longestTurnMs();
  const { trips, entries } = await talkers.talk(SECONDS * 1000);
  const turn = await server.longestTurnMs();
  const result = await attackers.stop();
  const figures = [at(trips, 0.5), at(trips, 0.99), at(trips, 1), at(entries, 0.99), turn];
  const memory = (residentBytes(server.process.pid) / 2 ** 20).toFixed(0);
  const cells = [
    kind.padEnd(34),
    ...figures.map((ms) => ms.toFixed(1).padStart(9)),
    memory.padStart(7),
    `  ${result}`,
  ];
  console.log(cells.join(""));
  // Lets the server finish the work of this kind before the next one starts.
  await talkers.talk(1000);
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

async function main(): Promise<void> {
  const kinds = (Deno.args.length > 0 ? Deno.args : Object.keys(ATTACKS)) as AttackKind[];
  using data = new TemporaryDirectory();
  await fillData(data.path, pastEvents());
  console.log(await machineText());
  console.log(`Milliseconds; ${SECONDS} s each\n`);
  console.log(`${"".padEnd(34)}      p50      p99    worst    entry     turn  RSS MB`);
  const server = await MeasuredServer.start(data.path);
  const talkers = await Talkers.enter(server.chatPort);
  for (const kind of kinds) await measure(server, talkers, kind);
  const highest = residentBytes(server.process.pid, "most") / 2 ** 20;
  console.log(`\nhighest RSS ${highest.toFixed(0)} MB`);
  console.log(`stopped in ${(await server.stop()).toFixed(0)} ms`);
}

if (import.meta.main) {
  await main();
  Deno.exit();
}
