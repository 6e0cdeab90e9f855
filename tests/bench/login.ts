/**
 * `deno task bench:login [PAIRS [SECONDS]]` measures log-ins: how long a wrong password takes for a
 * known and an unknown name, and what fifty wrong log-ins a second cost people who talk and the
 * owner of the account.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { Accounts } from "../../lib/domain/access/accounts/accounts.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { machineText } from "./machine.ts";
import { measureFlood } from "./login_flood.ts";

const PAIRS = Number(Deno.args[0] ?? 100);
/** How long each of the two attacks lasts: from many addresses, and from one. */
const SECONDS = Number(Deno.args[1] ?? 60);
const PASSWORD = "tea at five";

const accounts = await Accounts.open({ state: new MemoryStateStore(), clock: systemClock });
await accounts.register("ann", PASSWORD);

function quantile(times: readonly number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))].toFixed(2).padStart(7);
}

/** A new address each time, so that nothing is delayed. */
let addresses = 0;
const newAddress = () => `2001:db8:${(++addresses >> 8).toString(16)}:${addresses & 255}::1`;

async function timeGuess(name: string): Promise<number> {
  const start = performance.now();
  await accounts.passwords.logIn(name, "wrong password", newAddress()).catch(() => {});
  return performance.now() - start;
}

// Alternately, so that whatever else the machine does slows both down.
const known: number[] = [];
const unknown: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  known.push(await timeGuess("ann"));
  unknown.push(await timeGuess(`nobody${pair}`));
}
console.log(await machineText());
console.log("ms            p50     p90     p99");
for (const [label, times] of Object.entries({ known, unknown })) {
  const figures = [0.5, 0.9, 0.99].map((share) => quantile(times, share));
  console.log(label.padEnd(8), ...figures);
}

for (const isFromOne of [false, true]) {
  const figures = await measureFlood(isFromOne, SECONDS);
  const { quiet, attacked, ownerQuiet, ownerAttacked, attack } = figures;
  console.log(
    `\n50 wrong log-ins a second from ${isFromOne ? "one address" : "as many addresses"}, ` +
      `${SECONDS} s: ${attack.wrong} checked, ${attack.refused} refused, ${attack.lost} lost`,
  );
  console.log("ms".padEnd(24), "    p50     p90     p99     max");
  const rows = { quiet, attacked, "owner, quiet": ownerQuiet, "owner, attacked": ownerAttacked };
  for (const [label, times] of Object.entries(rows)) {
    const cells = [0.5, 0.9, 0.99, 1].map((share) => quantile(times, share));
    console.log(`${label} (${times.length})`.padEnd(24), ...cells);
  }
  const added = Number(quantile(attacked, 0.99)) - Number(quantile(quiet, 0.99));
  console.log(`added to p99: ${added.toFixed(2)} ms; owner refused ${figures.refusedOwner} times`);
  const [busyQuiet, busyAttacked] = [figures.busyQuiet, figures.busyAttacked].map((share) =>
    `${(share * 100).toFixed(1)} %`
  );
  console.log(`main thread on a core: ${busyQuiet} of the time, attacked ${busyAttacked}`);
}
