/**
 * Private messages as people who read lines see them.
 *
 * @module
 */

import { linesOf } from "../../../domain/text/block.ts";
import { shownText } from "../../shown_text.ts";
import type { PrivateMessage } from "../screen.ts";
import { blockRows, shift, styledRows } from "./block_rows.ts";
import { formattedLines, paint, type StyledLine } from "./formatted_lines.ts";
import { replyHead, spokenReply } from "./sentence.ts";
import { bold, dim } from "./styles.ts";

export interface PrivateTextOptions {
  /** Whether the viewer wrote it. */
  readonly isOwn: boolean;
  /** As it is shown, e.g. `14:05`; `""` to show none. */
  readonly time: string;
}

export interface PrivateRowsOptions extends PrivateTextOptions {
  /** In columns; 0 for any. */
  readonly width: number;
  readonly colour: boolean;
}

/** `-> bob: hello` or `ann -> you: hello`, in rows. */
export function privateRows(
  { from, to, body, kept }: PrivateMessage,
  { isOwn, time, width, colour }: PrivateRowsOptions,
): string[] {
  const head = isOwn ? `-> ${to}:` : `${from} -> you:`;
  const begin = `${time && `${time} `}${head}`;
  const answered = kept ? replyHead(kept.event) : "";
  const lines = linesOf(answered + body).map(shownText);
  if (!colour) return blockRows(`${begin} `, lines, width);
  const style = ({ text, styles }: StyledLine) => {
    if (!text.startsWith(begin)) return paint(text, styles);
    const rest = paint(text.slice(begin.length), shift(styles, -begin.length));
    return (time && `${dim(time)} `) + (isOwn ? head : bold(head)) + rest;
  };
  return styledRows(`${begin} `, formattedLines(lines), width).map(style);
}

/** `ann, privately: hello`, for screen readers. */
export function spokenPrivate(
  { from, to, body, kept }: PrivateMessage,
  { isOwn, time }: PrivateTextOptions,
): string {
  const head = `${isOwn ? `To ${to}` : from}, privately${kept ? spokenReply(kept.event) : ""}`;
  const text = formattedLines(linesOf(body)).map(({ text }) => text).join("; ");
  return `${head}: ${text}${time && `, ${time}`}`;
}
