/**
 * The program with a watch on its event loop. On SIGUSR2 it writes the longest turn since the last
 * SIGUSR2, in milliseconds, to standard error. On Linux only the time on a core counts: waiting for
 * one, or for a disk that others keep busy, says nothing about the program.
 *
 * @module
 */

import { busyMs } from "../busy_time.ts";

const INTERVAL_MS = 1;
let longest = 0;
let last = busyMs();

function tick(): void {
  const now = busyMs();
  longest = Math.max(longest, now - last);
  last = now;
  Deno.unrefTimer(setTimeout(tick, INTERVAL_MS));
}

Deno.addSignalListener("SIGUSR2", () => {
  console.error(`turn ${longest.toFixed(1)}`);
  longest = 0;
});
tick();
await import("../../../main.ts");
