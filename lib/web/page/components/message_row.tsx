/**
 * A message in the list: its time, sender, text and number.
 *
 * @module
 */

import { Component, h } from "preact";
import { readableBody, tombstoneOf } from "../../../domain/redaction.ts";
import { isMessage } from "../../../domain/room_event.ts";
import { happening } from "../../../domain/wording.ts";
import type { EventJson } from "../../protocol.ts";
import { addressOf } from "../base.ts";
import { isGrave, logLevelOf, severityClass, severityOf } from "../log_level.ts";
import { isOwnReaction, messageLabel } from "../message_acts.ts";
import { nameHue } from "../names.ts";
import { hasMenu } from "../person_menu.ts";
import { routePath } from "../route.ts";
import type { MessageRow } from "../row.ts";
import { unformatted } from "../text_parts.ts";
import { clockText, fullTimeText, secondsText } from "../time_text.ts";
import { IconButton } from "./buttons.tsx";
import { FieldTable, hasFields } from "./field_table.tsx";
import { LevelLabel, LogFields } from "./log_fields.tsx";
import { LongText } from "./message_text.tsx";

export interface MessageRowProps {
  readonly row: MessageRow;
  readonly name: string;
  /** The room, or that of a conversation; absent if messages are not kept and have no address. */
  readonly room?: string;
  readonly lastSeq: number;
  readonly isTarget: boolean;
  /** Whether the fields of a log line are shown. */
  readonly isOpen: boolean;
  onToggle(event: EventJson): void;
  /** Opens the message's menu from a button. */
  onMenu(event: EventJson, button: EventTarget): void;
  onReact(event: EventJson, emoji: string): void;
}

/** Skips needless renderings, because thousands of messages may arrive per second. */
export class MessageRowView extends Component<MessageRowProps> {
  override shouldComponentUpdate({ row, name, room, isTarget, isOpen }: MessageRowProps): boolean {
    const { row: old, ...now } = this.props;
    return row.event !== old.event || row.isFirst !== old.isFirst || name !== now.name ||
      room !== now.room || isTarget !== now.isTarget || isOpen !== now.isOpen;
  }

  override render(props: MessageRowProps) {
    const { row, name, room, lastSeq, isTarget, isOpen, onToggle, onMenu, onReact } = props;
    const { event, isFirst, isMention } = row;
    const isRedacted = tombstoneOf(event) !== undefined;
    const isLog = event.kind === "log";
    const level = logLevelOf(event);
    const hasTable = !isRedacted && hasFields(event);
    const classes = [
      "row message",
      `is-${event.kind}`,
      severityClass(severityOf(level)),
      isFirst ? "is-first" : "",
      isMention ? "is-mention" : "",
      isRedacted ? "is-redacted" : "",
      isTarget ? "is-target" : "",
    ];
    return (
      <article
        class={classes.filter((name) => name !== "").join(" ")}
        data-key={row.key}
        data-seq={room === undefined ? undefined : event.seq}
        data-level={level}
        tabIndex={-1}
        aria-current={isTarget ? "location" : undefined}
        onContextMenu={openOnLongPress}
      >
        <time dateTime={event.at} onPointerEnter={(pointer) => setTimeTitle(pointer, event.at)}>
          {isLog ? secondsText(event.at) : clockText(event.at)}
        </time>
        <Sender event={event} isFirst={isFirst} />
        <div
          class={hasTable ? "body has-fields" : "body"}
          dir="auto"
          data-level={isGrave(event) ? undefined : level}
          onClick={hasTable ? (click) => isMeant(click) && onToggle(event) : undefined}
        >
          {room !== undefined && <Answered event={event} room={room} />}
          <Prefix event={event} />
          <LevelLabel event={event} />
          <LongText
            text={bodyText(event)}
            name={name}
            room={room}
            lastSeq={lastSeq}
            isFormatted={isMessage(event)}
            isNotice={event.kind === "notice"}
          />
          {!isRedacted && !isOpen && <LogFields event={event} />}
          {isOpen && hasTable && <FieldTable event={event} />}
          {event.reactions && <Reactions event={event} name={name} onReact={onReact} />}
        </div>
        {(room !== undefined || hasMenu(event)) && (
          <span class="end">
            {hasTable && (
              <IconButton
                icon="fold"
                label={`Fields of #${event.seq}`}
                class="quiet opener"
                tabIndex={-1}
                aria-expanded={isOpen}
                onClick={() => onToggle(event)}
              />
            )}
            {room !== undefined && (
              <a class="seq" href={addressOf(routePath({ room, seq: event.seq }))} tabIndex={-1}>
                #{event.seq}
              </a>
            )}
            {hasMenu(event) && (
              <button
                type="button"
                class="quiet more"
                tabIndex={-1}
                aria-label={`Actions for ${messageLabel(event, room)}`}
                aria-haspopup="menu"
                aria-expanded="false"
                onClick={({ currentTarget }) => onMenu(event, currentTarget)}
              >
                ⋯
              </button>
            )}
          </span>
        )}
      </article>
    );
  }
}

/** Whether a click on a line is for its fields: not on a link, and not the end of selecting text. */
function isMeant({ target }: MouseEvent): boolean {
  return !(target as Element).closest("a, button, table") && getSelection()?.isCollapsed !== false;
}

/** A long press on a message opens its menu, as the dots do. */
function openOnLongPress(event: MouseEvent): void {
  if ((event as PointerEvent).pointerType !== "touch") return;
  const button = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(".end .more");
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** What a reply answers, as a link. */
function Answered({ event, room }: { readonly event: EventJson; readonly room: string }) {
  const { reply: seq, about } = event;
  if (seq === undefined) return null;
  const text = about && (isMessage(about) ? unformatted(about.body) : about.body);
  return (
    <a class="answered" href={addressOf(routePath({ room, seq }))}>
      <span class="unseen">In answer to</span> #{seq}{" "}
      {about && about.kind !== "gap" && <bdi class={`hue-${nameHue(about.from)}`}>{about.from}
      </bdi>} <bdi>{text}</bdi>
    </a>
  );
}

/** Who reacted how; a click adds the user's, or takes it back. */
function Reactions(
  { event, name, onReact }: Pick<MessageRowProps, "name" | "onReact"> & {
    readonly event: EventJson;
  },
) {
  return (
    <span class="reactions">
      {event.reactions!.map(({ emoji, from }) => (
        <button
          key={emoji}
          type="button"
          tabIndex={-1}
          title={from.join(", ")}
          aria-label={`${emoji} ${from.length}: ${from.join(", ")}`}
          aria-pressed={isOwnReaction(event, emoji, name)}
          onClick={() => onReact(event, emoji)}
        >
          {emoji} {from.length}
        </button>
      ))}
    </span>
  );
}

/** Sets the tooltip on demand: formatting a full time is slower than rendering the whole row. */
function setTimeTitle({ currentTarget }: PointerEvent, at: string): void {
  (currentTarget as HTMLElement).title = fullTimeText(at);
}

/** The sender, visually hidden if the row above shows it; for other kinds of event, the kind. */
function Sender({ event, isFirst }: { readonly event: EventJson; readonly isFirst: boolean }) {
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

/** Kinds of events that are told in words which begin with a name. */
const HAPPENINGS: readonly string[] = ["nick", "pin", "redaction", "topic", "unpin"];

/** What follows the prefix. */
function bodyText(event: EventJson): string {
  const { kind, from, about, fields } = event;
  const text = readableBody(event);
  if (!HAPPENINGS.includes(kind)) return text;
  const pinned = about && kind !== "redaction" ? ` ${unformatted(about.body)}` : "";
  return happening(event, text, `#${fields?.of}${pinned}`).slice(from.length + 1);
}

function Prefix({ event: { kind, from } }: { readonly event: EventJson }) {
  if (kind !== "action" && !HAPPENINGS.includes(kind)) return null;
  return <b class={`hue-${nameHue(from)}`}>{`${from} `}</b>;
}
