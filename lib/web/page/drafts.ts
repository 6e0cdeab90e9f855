/**
 * What was being written in each place when the page was left, as saved across reloads of its tab.
 *
 * @module
 */

import { parseTypedLine } from "./typed_line.ts";

/** Texts by the address of their place, in lower case: `lobby`, or `@bob`. */
export type Drafts = readonly (readonly [address: string, text: string])[];

/** The most characters saved of all drafts together. */
const MOST_CHARACTERS = 100_000;

/** The drafts to save: none that may hold a password, and not more than fit. */
export function savedDrafts(drafts: Iterable<readonly [string, string]>): Drafts {
  let left = MOST_CHARACTERS;
  return [...drafts].filter(([, text]) => {
    if (text === "") return false;
    const typed = parseTypedLine(text);
    if (typed.type === "account" || (typed.type === "say" && typed.isSecret)) return false;
    left -= text.length;
    return left >= 0;
  });
}

/** Parses saved drafts; none if another version wrote them. */
export function parseDrafts(text: string | null): Drafts {
  try {
    const drafts: Drafts = JSON.parse(text ?? "[]");
    return drafts.every((draft) => draft.every((part) => typeof part === "string")) ? drafts : [];
  } catch {
    return [];
  }
}
