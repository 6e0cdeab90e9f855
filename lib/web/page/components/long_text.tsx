/**
 * A message's text; of a very long one only the beginning, until one asks for the rest.
 *
 * @module
 */

import { useState } from "preact/hooks";
import { numberText } from "../time_text.ts";
import { MessageText, type MessageTextProps } from "./message_text.tsx";

/** Characters shown at once: some fifteen lines. */
const SHOWN = 1500;
/** A text that is only a little longer is shown in full. */
const LONG = 2000;

export function LongText({ text, ...rest }: MessageTextProps) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= LONG || isWhole) return <MessageText text={text} {...rest} />;
  return (
    <>
      <MessageText text={text.slice(0, SHOWN)} {...rest} />…{" "}
      <button type="button" class="link" onClick={() => setWhole(true)}>
        Show all {numberText(text.length)} characters
      </button>
    </>
  );
}
