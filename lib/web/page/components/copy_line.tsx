/**
 * A line of text with a button that copies it.
 *
 * @module
 */

import { useState } from "preact/hooks";
import { copyToClipboard } from "../clipboard.ts";

export function CopyLine({ text }: { readonly text: string }) {
  const [label, setLabel] = useState("Copy");
  const onClick = async () => setLabel(await copyToClipboard(text) ? "Copied" : "Cannot copy");
  return (
    <span class="copy">
      <code>{text}</code>
      <button type="button" aria-label={`${label} ${text}`} onClick={onClick}>{label}</button>
      <span class="unseen" role="status">{label === "Copy" ? "" : label}</span>
    </span>
  );
}
