/**
 * A button that copies a text, and says so.
 *
 * @module
 */

import { type ComponentProps, Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { copyToClipboard } from "../clipboard.ts";

export interface CopyButtonProps extends ComponentProps<"button"> {
  readonly text: string;
  /** What the text is, for screen readers. @default The text itself. */
  readonly what?: string;
}

export function CopyButton({ text, what = text, ...rest }: CopyButtonProps) {
  const [label, setLabel] = useState("Copy");
  const onClick = async () => setLabel(await copyToClipboard(text) ? "Copied" : "Cannot copy");
  return (
    <>
      <button type="button" aria-label={`${label} ${what}`} {...rest} onClick={onClick}>
        {label}
      </button>
      <span class="unseen" role="status">{label === "Copy" ? "" : label}</span>
    </>
  );
}

/** A line of text that can be copied. */
export function CopyLine({ text }: { readonly text: string }) {
  return (
    <span class="copy">
      <code>{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
