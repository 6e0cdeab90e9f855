/**
 * The text of a message, with links. Text from other people only ever becomes text nodes.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { routePath } from "../route.ts";
import { addressOf } from "../base.ts";
import {
  type FormattedText,
  formattedText,
  type TextPart,
  textParts,
  visibleText,
} from "../text_parts.ts";
import { numberText } from "../time_text.ts";
import { LinkButton } from "./buttons.tsx";
import { CodeBlock } from "./code_block.tsx";

/** Texts longer than this are shortened to `SHORTENED` characters. */
const LONG = 2000;
/** About fifteen lines. */
const SHORTENED = 1500;
/** Of a text of more lines than this, the first ones are shown. */
const MANY_LINES = 20;
const FIRST_LINES = 12;

export interface MessageTextProps {
  readonly text: string;
  /** The user's name, to highlight mentions; `""` for none. */
  readonly name: string;
  /** The room that event numbers link to; absent if they are not links. */
  readonly room?: string;
  readonly lastSeq: number;
  /** Whether a person wrote it, whose signs for bold, italic and code are shown as such. */
  readonly isFormatted?: boolean;
  /** Whether the server wrote it, whose names of rooms are links. */
  readonly isNotice?: boolean;
}

export function MessageText(props: MessageTextProps) {
  const { text, name, room, lastSeq, isFormatted, isNotice: hasRooms } = props;
  const options = { name, lastSeq: room === undefined ? 0 : lastSeq, hasRooms };
  if (!isFormatted) return <>{textParts(text, options).map((part) => partView(part, room))}</>;
  return <>{formattedText(text, options).map((piece, at) => pieceView(piece, at, room))}</>;
}

/** A message's text; a very long one is shortened until the user asks for the rest. */
export function LongText({ text, ...rest }: MessageTextProps) {
  const [isWhole, setWhole] = useState(false);
  // Cut what is shown, not a colour code.
  const shown = visibleText(text).replace(/[\u2028\u2029]/g, "\n");
  const lines = shown.split("\n");
  if (shown.length <= LONG && lines.length <= MANY_LINES || isWhole) {
    return <MessageText text={shown} {...rest} />;
  }
  const first = lines.length > MANY_LINES ? lines.slice(0, FIRST_LINES).join("\n") : shown;
  const isCut = first.length > LONG || first === shown;
  const count = isCut && lines.length === 1
    ? `${numberText(shown.length)} characters`
    : `${numberText(lines.length)} lines`;
  return (
    <>
      <MessageText text={isCut ? first.slice(0, SHORTENED) : first} {...rest} />
      {isCut ? "… " : "\n"}
      <LinkButton onClick={() => setWhole(true)}>Show all {count}</LinkButton>
    </>
  );
}

function pieceView(piece: FormattedText, key: number, room: string | undefined) {
  if (piece.type === "code") return <code key={key}>{piece.text}</code>;
  if (piece.type === "block") return <CodeBlock key={key} text={piece.text} />;
  const shown = <>{piece.parts.map((part) => partView(part, room))}</>;
  const slanted = piece.isItalic ? <em>{shown}</em> : shown;
  return <Fragment key={key}>{piece.isBold ? <strong>{slanted}</strong> : slanted}</Fragment>;
}

function partView(part: TextPart, room: string | undefined) {
  switch (part.type) {
    case "text":
      return part.text;
    case "mention":
      return <mark class="mention">{part.text}</mark>;
    case "event":
      return <a href={addressOf(routePath({ room, seq: part.seq }))}>{part.text}</a>;
    case "room":
      return <a href={addressOf(routePath({ room: part.room }))}>{part.text}</a>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          <bdi>{part.text}</bdi>
        </a>
      );
  }
}
