/** Looks at the list of messages as a person does: at what is on the screen. */

import type { Page } from "playwright-core";
import { PATIENCE_MS } from "../../support/patience.ts";

/**
 * Waits until the list no longer moves, and nothing is loading.
 *
 * @throws {Error} if it does not come to rest.
 */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async (patienceMs) => {
    const deadline = performance.now() + patienceMs;
    const list = document.querySelector(".messages")!;
    const look = () =>
      `${list.scrollTop} ${list.scrollHeight} ${list.getAttribute("aria-busy")} ` +
      list.querySelectorAll(".row").length;
    let before = "";
    for (let still = 0; still < 12;) {
      await new Promise((go) => requestAnimationFrame(go));
      const now = look();
      still = now === before && !now.includes("true") ? still + 1 : 0;
      if (performance.now() > deadline) throw new Error(`The list does not settle: ${now}`);
      before = now;
    }
  }, PATIENCE_MS);
}

/** The numbers and positions of the messages that are completely visible. */
export async function seen(page: Page): Promise<Map<number, number>> {
  const places = await page.locator(".message").evaluateAll((rows) => {
    const list = document.querySelector(".messages")!.getBoundingClientRect();
    return rows.map((row) => ({
      seq: Number((row as HTMLElement).dataset.seq),
      top: row.getBoundingClientRect().top - list.top,
      bottom: row.getBoundingClientRect().bottom - list.bottom,
    })).filter(({ top, bottom }) => top >= 0 && bottom <= 0);
  });
  return new Map(places.map(({ seq, top }) => [seq, top]));
}
