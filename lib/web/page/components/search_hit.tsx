/**
 * A search result with the messages around it.
 *
 * @module
 */

import { type ComponentChild, Fragment, h } from "preact";
import {
  formattedSnippet,
  type FormattedSnippetPart,
} from "../../../domain/search/formatted_snippet.ts";
import { readableBody, tombstoneOf } from "../../../domain/redaction.ts";
import type { SnippetPart } from "../../../domain/search/snippet_part.ts";
import type { EventJson, HitJson } from "../../protocol.ts";
import { logLevelOf, severityClass, severityOf } from "../log_level.ts";
import { nameHue } from "../names.ts";
import { routePath } from "../route.ts";
import { addressOf } from "../base.ts";
import { shortened, visibleText } from "../text_parts.ts";
import { LevelLabel } from "./log_fields.tsx";
import { fullTimeText, shortTimeText } from "../time_text.ts";
import { isMessage } from "../../../domain/room_event.ts";

/** Characters shown of each message around the hit. */
const MAX_CONTEXT_CHARACTERS = 300;

export interface SearchHitProps {
  readonly hit: HitJson;
  /** Whether to name the room, because it is not the open one. */
  readonly isRoomShown: boolean;
}

export function SearchHitView({ hit, isRoomShown }: SearchHitProps) {
  const { event, snippet, before, after } = hit;
  return (
    <li class="hit">
      <p class="where">
        <time dateTime={event.at} title={fullTimeText(event.at)}>{shortTimeText(event.at)}</time>
        <a href={addressOf(routePath({ room: event.room, seq: event.seq }))}>
          {isRoomShown && <bdi>{event.room.startsWith("@") ? event.room : `#${event.room}`}</bdi>}
          {" "}
          #{event.seq}
        </a>
      </p>
      {before.map((event) => <Context key={event.id} event={event} />)}
      <div class={`found is-${event.kind} ${severityOfEvent(event)}`}>
        <Who event={event} />
        <div class="body" dir="auto">
          <LevelLabel event={event} />
          {tombstoneOf(event) ? readableBody(event) : partsOf(event, snippet)}
        </div>
      </div>
      {after.map((event) => <Context key={event.id} event={event} />)}
    </li>
  );
}

function severityOfEvent(event: EventJson): string {
  return severityClass(severityOf(logLevelOf(event)));
}

function Context({ event }: { readonly event: EventJson }) {
  const text = shortened(visibleText(readableBody(event)), MAX_CONTEXT_CHARACTERS);
  return (
    <div class={`context is-${event.kind}`}>
      <Who event={event} />
      <div class="body" dir="auto">
        <LevelLabel event={event} />
        {partsOf(event, [{ text, isMatch: false }])}
      </div>
    </div>
  );
}

/** A snippet with its matches and formatting. */
function partsOf(event: EventJson, snippet: readonly SnippetPart[]) {
  const parts: readonly FormattedSnippetPart[] = isMessage(event)
    ? formattedSnippet(snippet)
    : snippet;
  return parts.map(({ text, isMatch, isBold, isItalic, isCode }, at) => {
    let shown: ComponentChild = visibleText(text);
    if (isMatch) shown = <mark>{shown}</mark>;
    if (isCode) shown = <code>{shown}</code>;
    if (isItalic) shown = <em>{shown}</em>;
    return isBold ? <strong key={at}>{shown}</strong> : <Fragment key={at}>{shown}</Fragment>;
  });
}

function Who({ event: { from } }: { readonly event: EventJson }) {
  return (
    <span class={`who hue-${nameHue(from)}`} title={from}>
      <bdi>{from}</bdi>
    </span>
  );
}
