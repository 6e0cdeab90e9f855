/**
 * What somebody said: text nodes, with links around some of them.
 *
 * @module
 */

import { type TextPart, textParts } from "../text_parts.ts";
import { routePath } from "../route.ts";

export interface MessageTextProps {
  readonly text: string;
  /** One's own name, to be marked; `""` for none. */
  readonly name: string;
  /** Where numbers lead to; absent where they lead nowhere. */
  readonly room?: string;
  readonly lastSeq: number;
}

export function MessageText({ text, name, room, lastSeq }: MessageTextProps) {
  const parts = textParts(text, { name, lastSeq: room === undefined ? 0 : lastSeq });
  return <>{parts.map((part) => partView(part, room))}</>;
}

function partView(part: TextPart, room: string | undefined) {
  switch (part.type) {
    case "text":
      return part.text;
    case "mention":
      return <mark class="mention">{part.text}</mark>;
    case "event":
      return <a href={routePath({ room, seq: part.seq })}>{part.text}</a>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          <bdi>{part.text}</bdi>
        </a>
      );
  }
}
