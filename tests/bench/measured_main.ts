/**
 * The program with a stopwatch in its event loop: on SIGUSR2 it writes to standard error the longest
 * time, in milliseconds, for which the loop did not come round since it was last asked.
 *
 * @module
 */

const INTERVAL_MS = 1;
let longest = 0;
let last = performance.now();

function tick(): void {
  const now = performance.now();
  longest = Math.max(longest, now - last - INTERVAL_MS);
  last = now;
  Deno.unrefTimer(setTimeout(tick, INTERVAL_MS));
}

Deno.addSignalListener("SIGUSR2", () => {
  console.error(`turn ${longest.toFixed(1)}`);
  longest = 0;
});
tick();
await import("../../main.ts");
