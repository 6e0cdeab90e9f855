/**
 * `deno task bench:page` measures how the page loads and scrolls on a slow machine: Chromium with
 * its CPU slowed down four times and the network of Lighthouse's phone (150 ms, 1.6 Mbit/s). Figures
 * are medians of five runs.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { ASSETS } from "../../lib/web/page_assets.ts";
import { launchBrowser, seeMessage } from "../browser/support/browser.ts";
import {
  type LoadFigures,
  loadPage,
  openSlowPage,
  scrollUp,
} from "../browser/support/slow_page.ts";
import { longRoom } from "../browser/support/long_room.ts";
import { fillData } from "../support/filled_data.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const RUNS = 5;
const MESSAGES = 100_000;

function weigh(): void {
  let sum = 0;
  for (const [name, { text }] of Object.entries(ASSETS)) {
    const bytes = gzipSync(text, { level: 9 }).length;
    sum += bytes;
    console.log(`${name.padEnd(12)} ${String(bytes).padStart(6)} bytes with gzip`);
  }
  console.log(
    `${"total".padEnd(12)} ${String(sum).padStart(6)} bytes, ${(sum / 1024).toFixed(1)} KiB`,
  );
}

function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5);
}

function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function report(title: string, loads: readonly LoadFigures[]): void {
  const of = (key: Exclude<keyof LoadFigures, "moved">) => median(loads.map((load) => load[key]));
  console.log(
    `${title}: first contentful paint ${of("firstContentfulPaintMs").toFixed(0)} ms, ` +
      `ready ${of("readyMs").toFixed(0)} ms, total blocking ${
        of("totalBlockingMs").toFixed(0)
      } ms, ` +
      `layout shift ${of("layoutShift").toFixed(4)}`,
  );
  for (const moved of new Set(loads.flatMap(({ moved }) => moved))) {
    console.log(`  shifted: ${moved}`);
  }
}

weigh();
using data = new TemporaryDirectory();
await fillData(data.path, longRoom("long", MESSAGES));
await using server = await ServerProcess.start({
  data: data.path,
  args: ["--web", "http://127.0.0.1:0"],
});
await using browser = await launchBrowser();
const forms: LoadFigures[] = [];
const rooms: LoadFigures[] = [];
const frames: number[] = [];
let jumps = 0;
for (let run = 0; run < RUNS; run++) {
  const page = await openSlowPage(browser);
  // Starts the page's process, whose start-up is not part of the measurement.
  await page.goto(`${server.web}/health`);
  const name = page.getByLabel("Your name");
  forms.push(await loadPage(page, `${server.web}/rooms/long`, () => name.waitFor()));
  await name.fill("ann");
  await name.press("Enter");
  const isThere = () => seeMessage(page, `${MESSAGES}: `);
  await isThere();
  // Loads again with an empty cache, but with a name.
  rooms.push(await loadPage(page, `${server.web}/rooms/long`, isThere));
  const scrolled = await scrollUp(page);
  frames.push(...scrolled.frames);
  jumps += scrolled.jumps;
  await page.context().close();
}
report("the name form", forms);
report(`a room of ${MESSAGES} messages`, rooms);
console.log(
  `scrolling: frames of ${median(frames).toFixed(1)} ms (median), ` +
    `${percentile(frames, 0.95).toFixed(1)} ms (95 %), ${percentile(frames, 0.99).toFixed(1)} ms ` +
    `(99 %); ${jumps} jumps in ${frames.length} frames`,
);
