/**
 * Any row of the message list.
 *
 * @module
 */

import { h } from "preact";
import { isDirectRoom } from "../../../domain/direct_room.ts";
import type { EventJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import { openPersonMenu } from "../app_menus.ts";
import { memberMoves } from "../member_moves.ts";
import { toggleReaction } from "../message_acts.ts";
import type { MessageView } from "../message_view.ts";
import { nameHue } from "../names.ts";
import type { FoldRow, HoleRow, NoteRow, PresenceRow, Row, UnsentRow } from "../row.ts";
import { calendarDayText, clockText, countOf } from "../time_text.ts";
import { IconButton, LinkButton } from "./buttons.tsx";
import { Icon } from "./icon.tsx";
import { LevelCountList } from "./log_fields.tsx";
import { toggleMenu } from "./menu.tsx";
import { MessageRowView } from "./message_row.tsx";
import { MessageText } from "./message_text.tsx";

/** A change is rendered in the next frame. */
const SHOWN_AFTER_MS = 60;

export interface RowViewProps {
  readonly app: App;
  readonly view: MessageView;
  readonly row: Row;
  /** The room, or that of a conversation; absent if the conversation is not kept. */
  readonly room?: string;
  /** Called before a row folds or unfolds. */
  onOpen(row: Row): void;
}

export function RowView({ app, view, row, room, onOpen }: RowViewProps) {
  const name = app.ownName;
  switch (row.kind) {
    case "message": {
      const { lastSeq } = view.timeline;
      const isTarget = room !== undefined && row.event.seq === view.target;
      const onMenu = (event: EventJson, button: EventTarget) => {
        toggleMenu(app, button, () => openPersonMenu(app, event.from, button, event));
      };
      const isOpen = view.opened.has(row.event.seq);
      const onToggle = ({ seq }: EventJson) => {
        onOpen(row);
        view.toggleFields(seq);
        setTimeout(() => showWhole(seq), SHOWN_AFTER_MS);
      };
      const onReact = (event: EventJson, emoji: string) => toggleReaction(app, event, emoji);
      const acts = { onToggle, onMenu, onReact };
      return <MessageRowView {...{ row, name, room, lastSeq, isTarget, isOpen, ...acts }} />;
    }
    case "start":
      return (
        <div class="row start" data-key={row.key}>
          <p class="body">{beginning(view.title, room)}</p>
        </div>
      );
    case "day":
      return (
        <div class="row day" data-key={row.key} role="separator">
          <span>{calendarDayText(row.at, Date.now())}</span>
        </div>
      );
    case "newMarker":
      return (
        <div class="row new-marker" data-key={row.key} role="separator">
          <span>New</span>
        </div>
      );
    case "fold":
      return (
        <FoldView
          row={row}
          onToggle={() => {
            onOpen(row);
            view.toggleFold(row);
          }}
        />
      );
    case "hole":
      return (
        <HoleView
          row={row}
          onFill={() => {
            onOpen(row);
            void view.fill(row.hole);
          }}
        />
      );
    case "presence":
      return <PresenceView row={row} />;
    case "note":
      return <NoteView row={row} onDismiss={() => view.dismiss(row.note)} />;
    case "unsent":
      return <UnsentView row={row} app={app} />;
  }
}

/** What stands above the first message. */
function beginning(title: string, room: string | undefined): string {
  if (room === undefined) {
    return `Only you and ${title} can see this conversation. It is not saved: it is gone when you close this tab, and its messages can be quoted, but not reacted to.`;
  }
  return isDirectRoom(room)
    ? `This is the beginning of your conversation with ${title}.`
    : `This is the beginning of #${room}.`;
}

/** Scrolls to the end of a row that has grown, if that is below. */
function showWhole(seq: number): void {
  document.querySelector(`[data-seq="${seq}"]`)?.scrollIntoView({ block: "nearest" });
}

function FoldView({ row, onToggle }: { readonly row: FoldRow; onToggle(): void }) {
  const { count, levels, isOpen, source, since, until, firstSeq, throughSeq } = row;
  return (
    <div class="row fold" data-key={row.key}>
      <div class="body">
        <button type="button" aria-expanded={isOpen} onClick={onToggle}>
          <Icon name="fold" />
          <b>{isOpen ? countOf(count, "line") : countOf(count, "more line")}</b>
          <span>from</span>
          <bdi>{source}</bdi>
          <LevelCountList counts={levels} />
          <span>· {clockText(since)}–{clockText(until)}</span>
          <span>· #{firstSeq}–#{throughSeq}</span>
        </button>
      </div>
    </div>
  );
}

function HoleView({ row, onFill }: { readonly row: HoleRow; onFill(): void }) {
  const { hole: { first, last, lines, levels, source } } = row;
  return (
    <div class="row fold" data-key={row.key}>
      <div class="body">
        <button type="button" onClick={onFill}>
          <Icon name="more" />
          <b>{countOf(lines, "more line")}</b>
          <span>from</span>
          <bdi>{source}</bdi>
          <LevelCountList counts={levels} />
          <span>· #{first}–#{last}</span>
        </button>
      </div>
    </div>
  );
}

function PresenceView({ row }: { readonly row: PresenceRow }) {
  return (
    <div class="row presence" data-key={row.key} tabIndex={-1}>
      <time dateTime={row.events[0].at}>{clockText(row.events[0].at)}</time>
      <div class="body">
        {memberMoves(row.events).map(({ names, verb }, at) => (
          <span key={at}>
            {at > 0 && " · "}
            {names.map((name, at) => (
              <span key={at}>
                {at > 0 && ", "}
                <bdi class={`hue-${nameHue(name)}`}>{name}</bdi>
              </span>
            ))} {verb}
          </span>
        ))}
      </div>
    </div>
  );
}

function NoteView({ row: { key, note }, onDismiss }: { readonly row: NoteRow; onDismiss(): void }) {
  return (
    <div class={note.isError ? "row note is-error" : "row note"} data-key={key} tabIndex={-1}>
      <div class="body">
        {note.lines.map((line, at) => (
          <p key={at}>
            <MessageText text={line} name="" lastSeq={0} />
          </p>
        ))}
      </div>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}

function UnsentView({ row: { key, line }, app }: { readonly row: UnsentRow; readonly app: App }) {
  const isFailed = line.state === "failed";
  const states = { failed: "not sent", sent: "sending", waiting: "waiting" };
  return (
    <div class={isFailed ? "row unsent is-failed" : "row unsent"} data-key={key} tabIndex={-1}>
      <span class="who is-label">{states[line.state]}</span>
      <div class="body" dir="auto">
        <MessageText text={line.body} name="" lastSeq={0} isFormatted />
        {isFailed && (
          <p class="problem">
            {line.problem}{" "}
            <LinkButton onClick={() => app.client.sender.retry(line)}>
              {line.from === undefined ? "Send" : "Send again"}
            </LinkButton>{" "}
            <LinkButton onClick={() => app.client.sender.discard(line)}>
              Discard
            </LinkButton>
          </p>
        )}
      </div>
    </div>
  );
}
