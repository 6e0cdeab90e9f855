/** Measures the page on a slow machine. */

import type { Browser, Page } from "playwright-core";

const SLOWDOWN = 4;
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: 200_000,
  uploadThroughput: 90_000,
};
/** The part of a task beyond this counts as blocking, as in Lighthouse. */
const LONG_TASK_MS = 50;

interface Seen {
  readonly blocking: number;
  readonly shift: number;
  readonly moved: string[];
}

/** Missing from TypeScript's DOM library. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Measurements of loading the page. */
export interface LoadFigures {
  readonly firstContentfulPaintMs: number;
  readonly totalBlockingMs: number;
  readonly layoutShift: number;
  /** The elements that shifted. */
  readonly moved: readonly string[];
  /** Time until `isReady`, such as the last message being shown. */
  readonly readyMs: number;
}

/** Opens a page that measures itself, on a simulated slow machine and network. */
export async function openSlowPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.addInitScript((longTaskMs) => {
    const seen = { blocking: 0, shift: 0, moved: [] as string[] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.blocking += duration - longTaskMs;
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        seen.shift += entry.value;
        for (const { node } of entry.sources) {
          seen.moved.push(node instanceof Element ? node.outerHTML.slice(0, 80) : String(node));
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
  }, LONG_TASK_MS);
  return page;
}

/** Loads the page and waits until `isReady`. */
export async function loadPage(
  page: Page,
  url: string,
  isReady: () => Promise<unknown>,
): Promise<LoadFigures> {
  await page.goto(url);
  await isReady();
  const readyMs = await page.evaluate(() => performance.now());
  // Let the chart and the first page of history load.
  await page.waitForTimeout(1500);
  return await page.evaluate((readyMs) => {
    const { seen } = globalThis as unknown as { seen: Seen };
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return {
      firstContentfulPaintMs: paint.startTime,
      totalBlockingMs: seen.blocking,
      layoutShift: seen.shift,
      moved: seen.moved,
      readyMs,
    };
  }, readyMs);
}

/** Turns the wheel for two seconds, and records frame times and jumps. */
export async function scrollUp(page: Page): Promise<{ frames: number[]; jumps: number }> {
  const box = (await page.locator(".messages").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const watching = page.evaluate(async () => {
    const list = document.querySelector(".messages")!;
    const frames: number[] = [];
    let jumps = 0;
    let places = new Map<string, number>();
    const look = () =>
      new Map([...list.querySelectorAll<HTMLElement>(".message")]
        .map((row) => [row.dataset.key!, row.getBoundingClientRect().top]));
    const end = performance.now() + 2500;
    for (let before = performance.now(); before < end;) {
      const now = await new Promise<number>((go) => requestAnimationFrame(go));
      frames.push(now - before);
      before = now;
      const next = look();
      const moves = [...next].filter(([key]) => places.has(key))
        .map(([key, top]) => top - places.get(key)!);
      // All rows must move down together; anything else is a jump.
      if (moves.some((move) => move < -1 || Math.abs(move - moves[0]) > 1.5)) jumps++;
      places = next;
    }
    return { frames, jumps };
  });
  for (let turn = 0; turn < 20; turn++) {
    await page.mouse.wheel(0, -120);
    await page.waitForTimeout(100);
  }
  return await watching;
}
