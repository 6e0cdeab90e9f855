/**
 * The screen of a person who reads lines, on a terminal or with a program.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { encodeLine } from "../../../codec/line_encoder.ts";
import { nameKey } from "../../../domain/name.ts";
import { isComingAndGoing, type RoomEvent } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { SearchHit } from "../../../domain/search/search.ts";
import { clockTime, happening } from "../../../domain/wording.ts";
import type { Outbox } from "../../../server/output/outbox.ts";
import type { Session } from "../../../server/session/session.ts";
import { shownText } from "../../shown_text.ts";
import type { Marks } from "../person_store.ts";
import { PersonalSettings } from "../personal_settings.ts";
import type { PrivateMessage, Screen, Viewer } from "../screen.ts";
import { numberedEventRows } from "../text/event_text.ts";
import { HIT_RULE, hitLines } from "../text/hit_text.ts";
import { withLevelWord } from "../text/level_word.ts";
import { privateRows, spokenPrivate } from "../text/private_rows.ts";
import type { Renderer } from "../text/renderer.ts";
import { greeting } from "../text/sentence.ts";
import { red } from "../text/styles.ts";
import { wrap } from "../text/wrap.ts";
import { UnreadRooms } from "../unread_rooms.ts";
import type { AnswerPager } from "./answer_pager.ts";
import { Bell } from "./bell.ts";
import { LinePrinter } from "./line_printer.ts";
import { PersonalRenderer } from "./personal_renderer.ts";
import { ReactionNotices } from "./reaction_notices.ts";
import { RoomView } from "./room_view.ts";
import { SecretPrompt } from "./secret_prompt.ts";
import type { TypedLines } from "./typed_lines.ts";
import { VisitMarks } from "./visit_marks.ts";

/** How often others can cause a line that is shown to see whether the viewer is there. */
const QUESTION_INTERVAL_MS = 60_000;
const BELL = new Uint8Array([0x07]);

export interface LineScreenOptions {
  /** Shared by all. */
  readonly renderer: Renderer;
  readonly clock: Clock;
  /** What the viewer types. */
  readonly lines: TypedLines;
}

/** Wants to know what may change the status of the viewer. */
export interface ScreenObserver {
  /** Something was shown, or the viewer has switched rooms. */
  changed(): void;
  /** Other settings, or another window, are in effect. */
  applied(): void;
}

export class LineScreen implements Screen {
  readonly isReadWhenShown = true;
  readonly settings: PersonalSettings;
  /** Places in the lines of the block being said that were not UTF-8. */
  blockRepairs = 0;
  readonly unread = new UnreadRooms();
  /** How many lines of rooms were shown so far. */
  shownLines = 0;
  observer: ScreenObserver | undefined;
  /** Created with the first question. */
  #secrets: SecretPrompt | undefined;
  readonly #session: Session;
  /** That of the session, which few deliveries need for anything else. */
  readonly #outbox: Outbox;
  readonly #viewer: Viewer;
  readonly #renderer: PersonalRenderer;
  readonly #printer: LinePrinter;
  readonly #marks = new VisitMarks();
  /** Created with the first reaction that is told. */
  #reactions: ReactionNotices | undefined;
  /** Created once it may ring. */
  #ownBell: Bell | undefined;
  readonly #clock: Clock;
  readonly #lines: TypedLines;
  /** When a question was last shown. */
  #askedAt = -Infinity;

  constructor(session: Session, { renderer, clock, lines }: LineScreenOptions, viewer: Viewer) {
    this.#session = session;
    this.#outbox = session.outbox;
    this.#clock = clock;
    this.#lines = lines;
    this.#viewer = viewer;
    const settings = this.settings = new PersonalSettings(session.terminal);
    this.#renderer = new PersonalRenderer(renderer, viewer, settings, clock.now());
    this.#printer = new LinePrinter(session, settings);
  }

  get repairs(): number {
    return this.blockRepairs + (this.#session.damage?.repairs ?? 0);
  }

  /** How far the viewer has read each room; empty for programs. */
  get marks(): Marks {
    return this.#marks.read;
  }

  /** As {@linkcode LinePrinter.pager}. */
  get pager(): AnswerPager | undefined {
    return this.#printer.pager;
  }

  /** Asks for passwords; `undefined` while none has been asked for. */
  get secrets(): SecretPrompt | undefined {
    return this.#secrets;
  }

  get recalledMarks(): Marks {
    return this.#marks.before;
  }

  recallMarks(marks: Marks): void {
    this.#marks.recall(marks);
  }

  forgetMarks(): void {
    this.#marks.forget();
  }

  beginAnswer(): void {
    this.#printer.beginAnswer();
  }

  endAnswer(): void {
    this.#printer.endAnswer();
    this.#secrets?.reveal();
    this.observer?.changed();
  }

  askSecret(question: string): Promise<string | undefined> {
    this.#secrets ??= new SecretPrompt({
      session: this.#session,
      lines: this.#lines,
      clock: this.#clock,
      tell: (text) => void this.notice(text),
      complain: (text) => this.error(text),
    });
    return this.#secrets.ask(question);
  }

  notice(text: string): boolean {
    return this.#printer.answer(this.#printer.noticeRows(text));
  }

  /** Shows the first line. If the viewer has answered it already, it can share a write with ours. */
  welcome(text: string): void {
    const { isPeersTurn } = this.#session;
    this.#outbox.offer(encodeLine(this.#printer.noticeRows(text).join("\r\n")), !isPeersTurn);
  }

  error(text: string): void {
    const printer = this.#printer;
    printer.answer(printer.rowsOf(printer.isSpoken ? `Error: ${text}` : `! ${text}`, red));
  }

  showNumbered(event: RoomEvent, room?: string): void {
    const { width, colour, reader: isSpoken } = this.settings.current;
    this.#printer.answer(numberedEventRows(event, { width, colour, isSpoken, room }));
  }

  showHit(hit: SearchHit, isApart: boolean, isHere = false): void {
    const { width, colour, reader } = this.settings.current;
    const lines = hitLines(hit, { colour, reader, isHere });
    if (isApart && !reader) lines.unshift(HIT_RULE);
    this.#printer.answer(lines.flatMap((line) => width > 0 ? wrap(line, width) : line));
  }

  showPrivate(message: PrivateMessage): boolean {
    const { from, at = this.#clock.now(), kept } = message;
    const isOwn = kept?.isOwn ?? from === this.#viewer.nickname;
    const settings = this.settings.current;
    const time = settings.time ? clockTime(kept?.event.at ?? at) : "";
    const isShown = settings.reader
      ? this.#printer.print(spokenPrivate(message, { isOwn, time }))
      : this.#printer.send(privateRows(message, { ...settings, isOwn, time }));
    if (isShown && !isOwn) this.#bell?.ring();
    return isShown;
  }

  showPrivateAct(act: RoomEvent, partner: string): boolean {
    const { kind, from, body, fields, about } = act;
    const reference = `@${nameKey(partner)}#${fields?.of}`;
    if (kind === "redaction" || this.settings.current.reactions) {
      return this.notice(happening(act, shownText(body), reference));
    }
    const isToOwn = kind === "react" && nameKey(from) === nameKey(partner) &&
      about !== undefined && nameKey(about.from) !== nameKey(partner);
    return !isToOwn || this.#tellReaction(act, reference);
  }

  showName(): void {
    this.#session.terminal.refresh();
  }

  showEntry(room: RoomStream): void {
    // Not at the first room, so that people see the welcome.
    if (this.settings.current.focus && this.marks.size > 0) this.#session.terminal.wipe();
    this.#view.showTopic(room);
    this.showPast(room);
    this.notice(greeting(room, this.#viewer));
  }

  showTurn(room: RoomStream, isBehind: boolean): boolean {
    const { terminal } = this.#session;
    this.unread.clear(room.name);
    if (this.settings.current.focus) this.#showAlone(room, isBehind);
    terminal.refresh();
    this.observer?.changed();
    return terminal.isEditing;
  }

  showExit(room: RoomStream): void {
    this.unread.clear(room.name);
    this.#marks.note(room.name, this.marks.get(room.name) ?? room.lastSeq);
    this.#session.terminal.refresh();
  }

  showMove(from: RoomStream): void {
    this.showExit(from);
    this.observer?.changed();
  }

  showCrowd(room: string, joined: number, left: number): void {
    if (this.#isOutOfFocus(room)) return;
    const counts = [joined > 0 ? `${joined} joined` : "", left > 0 ? `${left} left` : ""];
    const prefix = this.#viewer.currentRoom?.name === room ? "" : `#${room} `;
    const text = counts.filter((count) => count !== "").join(", ");
    const rows = this.#printer.rowsOf(`${prefix}* ${text}`);
    this.#outbox.offer(encodeLine(rows.join("\r\n")), true);
  }

  showLog(room: string, events: readonly RoomEvent[]): boolean {
    const isCurrent = room === this.#viewer.currentRoom?.name;
    const bytes = this.#renderer.renderPast(events.map(withLevelWord), isCurrent);
    if (!this.#outbox.offer(bytes)) return false;
    this.#renderer.noteShown();
    return true;
  }

  showEvents(room: RoomStream, all: readonly RoomEvent[]): boolean {
    const events = room.name === this.#viewer.followedLog
      ? all.filter(({ kind }) => kind !== "log")
      : all;
    if (events.length === 0) return true;
    const isCurrent = room === this.#viewer.currentRoom;
    if (isCurrent || !this.settings.current.focus) {
      const bytes = this.#renderer.render(events, isCurrent);
      if (!this.#outbox.offer(bytes, isComingAndGoing(events))) return false;
      this.#renderer.noteShown();
      this.shownLines += events.length;
      this.#marks.note(room.name, events[events.length - 1].seq);
      if (!this.settings.current.reactions) this.#tellReactions(room, events);
    }
    if (!isCurrent) this.#noteUnread(room, events);
    this.#bell?.hear(events);
    this.observer?.changed();
    return true;
  }

  /** Tells of the first reaction to each thing that the viewer said. */
  #tellReactions(room: RoomStream, events: readonly RoomEvent[]): void {
    const place = room === this.#viewer.currentRoom ? "" : room.name;
    for (const reaction of this.#renderer.reactionsToOwn(events)) {
      this.#tellReaction(reaction, `${place}#${reaction.fields?.of}`);
    }
  }

  #tellReaction(reaction: RoomEvent, reference: string): boolean {
    this.#reactions ??= new ReactionNotices(this.#printer);
    return this.#reactions.tell(reaction, reference);
  }

  /** Shows the recent past of a room, with a mark before what the viewer has not read. */
  showPast(room: RoomStream): void {
    this.#marks.isKept ||= this.#session.terminal.isEditing || this.#printer.isSpoken;
    this.#view.showPast(room, this.#marks.of(room.name));
  }

  /** An event of the current room's past as rows of a window. */
  pastRows(event: RoomEvent, columns: number): readonly string[] {
    return this.#renderer.rowsOf(event, columns);
  }

  turn(): Promise<void> | undefined {
    return this.#session.turn();
  }

  hasRoom(): Promise<boolean> {
    return this.#outbox.ready();
  }

  async ready(): Promise<boolean> {
    return await this.#outbox.ready() && !this.pager?.isUnwanted;
  }

  drained(): Promise<boolean> {
    return this.#outbox.drained();
  }

  isReachable(question: string, onDoubt: () => void): Promise<boolean> {
    return this.#session.isReachable(() => this.#ask(question), onDoubt);
  }

  end(complaint?: string): void {
    if (complaint !== undefined) this.error(complaint);
    this.#session.end();
  }

  /** Shows a question, but not so often that others could fill the viewer's screen with it. */
  #ask(question: string): void {
    const now = this.#clock.monotonic();
    if (now - this.#askedAt < QUESTION_INTERVAL_MS) return;
    this.#askedAt = now;
    this.notice(question);
  }

  /** Made for each use: most people enter a room once and stay for hours. */
  get #view(): RoomView {
    return new RoomView({
      session: this.#session,
      viewer: this.#viewer,
      printer: this.#printer,
      renderer: this.#renderer,
    });
  }

  get #bell(): Bell | undefined {
    if (this.settings.current.bell === "off") return undefined;
    return this.#ownBell ??= new Bell({
      settings: this.settings,
      renderer: this.#renderer,
      clock: this.#clock,
      sound: () => void this.#outbox.offer(BELL),
    });
  }

  /** Counts what was said in a room that is not the current one. */
  #noteUnread({ name }: RoomStream, events: readonly RoomEvent[]): void {
    const count = this.#renderer.countTalk(events);
    if (count > 0) this.unread.add(name, count, this.#renderer.isCall(events));
  }

  /** Whether a room is hidden, because the viewer looks at another one alone. */
  #isOutOfFocus(room: string): boolean {
    return this.settings.current.focus && this.#viewer.currentRoom?.name !== room;
  }

  /** Shows a room instead of the one before. */
  #showAlone(room: RoomStream, isBehind: boolean): void {
    this.#session.terminal.wipe();
    this.#view.showName(room);
    this.#view.showTopic(room);
    // What somebody has not been shown yet is about to come.
    if (isBehind) return;
    this.showPast(room);
    this.#marks.note(room.name, room.lastSeq);
  }
}
