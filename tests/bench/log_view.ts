/**
 * `deno task bench:log-view` measures the page while 5,000 log lines a second come into the open
 * room: the longest task, and the time between frames; without a filter, and with one.
 *
 * @module
 */

import { enter, launchBrowser } from "../browser/support/browser.ts";
import { ServerProcess } from "../support/server_process.ts";

const LINES_PER_SECOND = 5000;
const SECONDS = 10;
const BATCHES_PER_SECOND = 20;

/** Sends syslog lines at an even rate: 5 % are errors, 5 % warnings. */
async function pour(port: number): Promise<void> {
  const connection = await Deno.connect({ port });
  const encoder = new TextEncoder();
  const size = LINES_PER_SECOND / BATCHES_PER_SECOND;
  const start = performance.now();
  for (let batch = 0; batch < SECONDS * BATCHES_PER_SECOND; batch++) {
    const lines = Array.from({ length: size }, (_, index) => {
      const severity = index % 20 === 0 ? 3 : index % 20 === 1 ? 4 : 6;
      return `<${8 + severity}>1 - web${index % 4} nginx - - - request ${batch}.${index} done\n`;
    });
    const bytes = encoder.encode(lines.join(""));
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    const due = start + (batch + 1) * 1000 / BATCHES_PER_SECOND - performance.now();
    if (due > 0) await new Promise((go) => setTimeout(go, due));
  }
  connection.close();
}

await using server = await ServerProcess.start({
  args: [
    ...["--web", "http://127.0.0.1:0", "--flood-rate", "0"],
    ...["--listen", "chat=tcp://127.0.0.1:0"],
    ...["--listen", "logger=tcp://127.0.0.1:0?room=log"],
  ],
});
await using browser = await launchBrowser();
for (const filter of ["", "?filter=level%3Awarning%2B"]) {
  await pour(server.ports[1]);
  const { page } = await enter(browser, `${server.web}/rooms/log${filter}`, `ann${filter.length}`);
  await page.waitForTimeout(1000);
  const measuring = page.evaluate(async (ms) => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)))
      .observe({ type: "longtask" });
    const frames: number[] = [];
    const end = performance.now() + ms;
    for (let before = performance.now(); before < end;) {
      const now = await new Promise<number>((go) => requestAnimationFrame(go));
      frames.push(now - before);
      before = now;
    }
    return { tasks, frames: frames.sort((one, other) => one - other) };
  }, SECONDS * 1000);
  await pour(server.ports[1]);
  const { tasks, frames } = await measuring;
  const at = (share: number) => frames[Math.floor(frames.length * share)].toFixed(0);
  const rate = await page.locator(".rate").textContent();
  console.log(
    `${filter === "" ? "everything" : "warnings and errors"}: ${rate}; longest task ` +
      `${Math.max(0, ...tasks).toFixed(0)} ms, ${tasks.length} over 50 ms; frames of ${
        at(0.5)
      } ms ` +
      `(median), ${at(0.95)} ms (95 %), ${at(0.99)} ms (99 %)`,
  );
  await page.context().close();
}
