/**
 * Logs in over SSH again and again: `ssh_load.ts PORT RATE SECONDS AT_ONCE`, with a rate of 0 for as
 * fast as it goes. Prints how many got in, and how long the slowest took.
 *
 * @module
 */

import { SshClient } from "../support/ssh_peer.ts";

const [port, rate, seconds, atOnce] = Deno.args.map(Number);
const end = performance.now() + seconds * 1000;
const start = performance.now();
const times: number[] = [];
let begun = 0;
let failed = 0;

async function logInAgain(number: number): Promise<void> {
  while (performance.now() < end) {
    const due = rate > 0 ? start + 1000 * begun++ / rate : 0;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const from = performance.now();
    try {
      const client = await SshClient.connect(port, { username: `load${number}` });
      times.push(performance.now() - from);
      await client.close();
    } catch {
      failed++;
    }
  }
}

await Promise.all(Array.from({ length: atOnce }, (_, number) => logInAgain(number)));
times.sort((a, b) => a - b);
const took = (performance.now() - start) / 1000;
console.log(JSON.stringify({
  perSecond: times.length / took,
  failed,
  p50: times[times.length >> 1],
  p99: times[Math.floor(times.length * 0.99)],
}));
