/**
 * Lines of code in a message, with a button that copies them.
 *
 * @module
 */

import { h } from "preact";
import { CopyButton } from "./copy_button.tsx";

export function CodeBlock({ text }: { readonly text: string }) {
  return (
    <div class="code-block" dir="ltr">
      <pre tabIndex={-1} role="region" aria-label="Code"><code>{text}</code></pre>
      <CopyButton class="quiet" text={text} what="the code" />
    </div>
  );
}
