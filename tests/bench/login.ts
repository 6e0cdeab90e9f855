/**
 * Log-ins: how long a wrong password takes for a known and an unknown name, how many can be checked,
 * and how long the main thread is held meanwhile.
 *
 * @module
 */

import { systemClock } from "../../lib/clock.ts";
import { Accounts } from "../../lib/domain/access/accounts.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";

const PAIRS = Number(Deno.args[0] ?? 100);
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
  await accounts.logIn(name, "wrong password", newAddress()).catch(() => {});
  return performance.now() - start;
}

// Alternately, so that whatever else the machine does slows both down.
const known: number[] = [];
const unknown: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  known.push(await timeGuess("ann"));
  unknown.push(await timeGuess(`nobody${pair}`));
}
console.log("ms            p50     p90     p99");
for (const [label, times] of Object.entries({ known, unknown })) {
  const figures = [0.5, 0.9, 0.99].map((share) => quantile(times, share));
  console.log(label.padEnd(8), ...figures);
}

// Fifty guesses a second for ten seconds from many addresses, as no delay stops them.
const turns: number[] = [];
let refused = 0;
let isOver = false;
const watching = (async () => {
  while (!isOver) {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1));
    turns.push(performance.now() - start - 1);
  }
})();
const guesses: Promise<void>[] = [];
for (let guess = 0; guess < 500; guess++) {
  guesses.push(
    accounts.logIn(`nobody${guess}`, "wrong password", newAddress()).then(
      () => {},
      ({ code }) => void (code === "slow-down" && refused++),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await Promise.all(guesses);
isOver = true;
await watching;
console.log(`50 guesses a second: ${refused} of 500 refused, the others checked`);
console.log("late", ...[0.5, 0.9, 0.99, 1].map((share) => quantile(turns, share)), "(max) ms");
