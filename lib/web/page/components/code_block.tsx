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
      <pre ref={makeReachable} role="group" aria-label="Code"><code>{text}</code></pre>
      <CopyButton class="quiet" text={text} what="the code" />
    </div>
  );
}

/** Code that is too wide must be reachable by keyboard, to scroll it; any other would only be in the way. */
function makeReachable(pre: HTMLElement | null): void {
  if (pre && pre.scrollWidth > pre.clientWidth) pre.tabIndex = 0;
}
