/**
 * What a search has found, as a file.
 *
 * @module
 */

import type { HitJson } from "../protocol.ts";
import { hitsText } from "./hits_text.ts";

/** Offers a file to be saved. */
export function saveHits(hits: readonly HitJson[], format: "jsonl" | "text"): void {
  const text = hitsText(hits, format);
  const type = format === "jsonl" ? "application/jsonl" : "text/plain";
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `partyline-search.${format === "jsonl" ? "jsonl" : "txt"}`;
  link.click();
  // The browser has it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
