/**
 * Lines of code in a message, with a button that copies them.
 *
 * @module
 */

import { useState } from "preact/hooks";
import { copyToClipboard } from "../clipboard.ts";

export function CodeBlock({ text }: { readonly text: string }) {
  const [label, setLabel] = useState("Copy");
  const onClick = async () => setLabel(await copyToClipboard(text) ? "Copied" : "Cannot copy");
  return (
    <div class="code-block" dir="ltr">
      <pre tabIndex={0} role="region" aria-label="Code"><code>{text}</code></pre>
      <button type="button" class="quiet" aria-label={`${label} the code`} onClick={onClick}>
        {label}
      </button>
      <span class="unseen" role="status">{label === "Copy" ? "" : label}</span>
    </div>
  );
}
