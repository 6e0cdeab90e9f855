/**
 * The program with a watch on its event loop. On SIGUSR2 it writes the longest turn since the last
 * SIGUSR2, in milliseconds, to standard error.
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
