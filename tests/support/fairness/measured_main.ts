/**
 * The program with a watch on its event loop. On SIGUSR2 it writes the longest turn since the last
 * SIGUSR2, in milliseconds, to standard error. Time in which the thread could have run but had no
 * core does not count (Linux).
 *
 * @module
 */

const INTERVAL_MS = 1;
let longest = 0;
let last = performance.now();
let lastDelay = runDelayMs();

function tick(): void {
  const now = performance.now();
  const delay = runDelayMs();
  longest = Math.max(longest, now - last - INTERVAL_MS - (delay - lastDelay));
  last = now;
  lastDelay = delay;
  Deno.unrefTimer(setTimeout(tick, INTERVAL_MS));
}

/** How long the main thread has waited for a core in all. */
function runDelayMs(): number {
  try {
    return Number(Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/schedstat`).split(" ")[1]) /
      1e6;
  } catch {
    return 0;
  }
}

Deno.addSignalListener("SIGUSR2", () => {
  console.error(`turn ${longest.toFixed(1)}`);
  longest = 0;
});
tick();
await import("../../../main.ts");
