/** What axe-core has to say about a page. */

import axe from "axe-core";
import type { Page } from "playwright-core";

/** Violations of WCAG 2.2 A and AA and of good practice, a line for each place; none is good. */
export async function violationsIn(page: Page): Promise<string[]> {
  // Not as an element of the page: its policy allows no scripts but its own.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) =>
        `${id}: ${help} (${target.join(" ")}) ${failureSummary?.replaceAll(/\s+/g, " ")}`
      )
    );
  });
}
