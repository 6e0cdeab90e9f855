/** Finds what does not fit a narrow screen, and what is too small for a finger. */

import type { Page } from "playwright-core";

/** The smallest width and height of a target, in CSS pixels (WCAG 2.2, 2.5.8). */
const SMALLEST_TARGET = 24;

/**
 * Elements wider than the window or their parent, and targets that are too small: one line of text
 * for each. Code and log lines that are not wrapped may be wider, because they scroll.
 */
export async function misfitsIn(page: Page): Promise<string[]> {
  // On a phone, that of the window grows with what does not fit.
  const { width } = page.viewportSize()!;
  return await page.evaluate(([smallest, screenWidth]) => {
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} ` +
      `"${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`;
    const isSeen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: false }) &&
      !element.closest(".unseen, [inert], option, svg");
    const mayScroll = (element: Element) => element.closest("pre, .is-unwrapped") !== null;
    const found: string[] = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > screenWidth) found.push(`The page is ${scrollWidth} px wide.`);
    const modal = document.querySelector("dialog:modal");
    for (const element of (modal ?? document.body).querySelectorAll("*")) {
      if (!isSeen(element) || mayScroll(element)) continue;
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const isCut = (element: Element | null): boolean =>
        element !== null &&
        (getComputedStyle(element).textOverflow === "ellipsis" || isCut(element.parentElement));
      if ((left < -0.5 || right > screenWidth + 0.5) && !isCut(element.parentElement)) {
        found.push(`${nameOf(element)} reaches from ${left} to ${right}.`);
      }
      const { overflowX, textOverflow } = getComputedStyle(element);
      const isField = element.matches("input, textarea, select");
      const hasMore = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      if (hasMore && !isField && overflowX !== "visible" && textOverflow !== "ellipsis") {
        found.push(`${nameOf(element)} hides ${element.scrollWidth - element.clientWidth} px.`);
      }
    }
    const targets = [...(modal ?? document.body).querySelectorAll(
      "a[href], button, input, select, textarea, summary, [role=option], [role=menuitem]",
    )];
    for (const element of targets) {
      const isInText = element.matches("a") && getComputedStyle(element).display === "inline";
      if (!isSeen(element) || isInText || element.closest(".messages.is-unwrapped")) continue;
      // A click on a label counts for its checkbox, so the label is the target.
      const { labels } = element as HTMLInputElement;
      const isTick = element.matches("[type=checkbox], [type=radio]");
      const area = isTick ? labels?.[0] ?? element : element;
      const { width, height } = area.getBoundingClientRect();
      if (width > 0 && height > 0 && Math.min(width, height) < smallest - 0.01) {
        found.push(`${nameOf(element)} is ${width} x ${height} px.`);
      }
    }
    return [...new Set(found)];
  }, [SMALLEST_TARGET, width]);
}
