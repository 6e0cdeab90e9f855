/**
 * One event in the list: when, who, what, and its number.
 *
 * @module
 */

import { Component } from "preact";
import type { EventJson } from "../../protocol.ts";
import { nameHue } from "../name_colour.ts";
import type { MessageRow } from "../row.ts";
import { routePath } from "../route.ts";
import { clockText, fullTimeText } from "../time_text.ts";
import { gravityOf, LogFields } from "./log_fields.tsx";
import { LongText } from "./long_text.tsx";

export interface MessageRowProps {
  readonly row: MessageRow;
  readonly name: string;
  /** Absent in conversations, whose messages have no address. */
  readonly room?: string;
  readonly lastSeq: number;
  readonly isTarget: boolean;
}

/** Drawn anew only for another message, or another look of it: there may be thousands a second. */
export class MessageRowView extends Component<MessageRowProps> {
  override shouldComponentUpdate({ row, name, room, isTarget }: MessageRowProps): boolean {
    const { row: old, ...now } = this.props;
    return row.event !== old.event || row.isFirst !== old.isFirst || name !== now.name ||
      room !== now.room || isTarget !== now.isTarget;
  }

  override render({ row, name, room, lastSeq, isTarget }: MessageRowProps) {
    const { event, isFirst, isMention } = row;
    const classes = [
      "row message",
      `is-${event.kind}`,
      gravityOf(event),
      isFirst ? "is-first" : "",
      isMention ? "is-mention" : "",
      isTarget ? "is-target" : "",
    ];
    return (
      <article
        class={classes.filter((name) => name !== "").join(" ")}
        data-key={row.key}
        data-seq={room === undefined ? undefined : event.seq}
        tabIndex={-1}
        aria-current={isTarget ? "location" : undefined}
      >
        <time dateTime={event.at} onPointerEnter={(pointer) => tellTime(pointer, event.at)}>
          {clockText(event.at)}
        </time>
        <Who event={event} isFirst={isFirst} />
        <div class="body" dir="auto">
          <Prefix event={event} />
          <LongText text={event.body} name={name} room={room} lastSeq={lastSeq} />
          <LogFields event={event} />
        </div>
        {room !== undefined && (
          <a class="seq" href={routePath({ room, seq: event.seq })} tabIndex={-1}>#{event.seq}</a>
        )}
      </article>
    );
  }
}

/** Writing out a time takes longer than all the rest of a row: only for those who ask. */
function tellTime({ currentTarget }: PointerEvent, at: string): void {
  (currentTarget as HTMLElement).title = fullTimeText(at);
}

/** Who said it, or what sort of thing it is; not shown again where the row above says it. */
function Who({ event, isFirst }: { readonly event: EventJson; readonly isFirst: boolean }) {
  const { kind, from } = event;
  if (kind === "message" || kind === "log") {
    return (
      <span class={`who hue-${nameHue(from)}`} title={from}>
        <bdi class={isFirst ? undefined : "unseen"}>{from}</bdi>
      </span>
    );
  }
  return <span class="who is-label">{kind === "action" ? "*" : kind}</span>;
}

function Prefix({ event }: { readonly event: EventJson }) {
  const { kind, from, body } = event;
  if (kind === "action") return <b class={`hue-${nameHue(from)}`}>{`${from} `}</b>;
  if (kind !== "topic") return null;
  return (
    <>
      <b class={`hue-${nameHue(from)}`}>{from}</b>
      {body === "" ? " cleared the topic" : " set the topic: "}
    </>
  );
}
