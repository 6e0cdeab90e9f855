/** Accessibility checks with axe-core. */

import axe from "axe-core";
import type { Page } from "playwright-core";

/** Violations of WCAG 2.2 A and AA and of best practices, one line for each element. */
export async function violationsIn(page: Page): Promise<string[]> {
  // Evaluated rather than added as an element, because the page's policy allows only its own scripts.
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
