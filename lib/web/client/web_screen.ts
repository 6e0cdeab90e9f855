/**
 * The screen of a person with a web client: everything is a message of the protocol.
 *
 * @module
 */

import type { Account } from "../../domain/access/accounts/account.ts";
import { toEventJson } from "../../domain/event_json.ts";
import { isComingAndGoing, type RoomEvent } from "../../domain/room_event.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import type { SearchHit } from "../../domain/search/search.ts";
import type { DirectConversation } from "../../service/chat/direct/direct_conversation.ts";
import type { Marks } from "../../service/chat/person_store.ts";
import {
  isIgnored,
  type PrivateMessage,
  type Screen,
  type Viewer,
} from "../../service/chat/screen.ts";
import { numberedEventText } from "../../service/chat/text/event_text.ts";
import { HIT_RULE, hitLines } from "../../service/chat/text/hit_text.ts";
import { encodeText, type WebSocketPeer } from "../http/web_socket.ts";
import type { PreferencesJson, Ref, ServerMessage } from "../protocol.ts";
import type { UnreadCount } from "../room_queries.ts";
import { encodeEvents, type EventFrames } from "./event_frames.ts";
import type { MemberSnapshot, PeopleListener, PeopleWatch } from "./people_watch.ts";
import { conversationList, keptMessage, privateAct, unkeptPrivateMessage } from "./private_json.ts";
import { RecentMoves } from "./recent_moves.ts";
import type { RoomMarks } from "./room_marks.ts";

export interface WebScreenOptions {
  readonly socket: WebSocketPeer;
  /** Shared by all clients. */
  readonly frames: EventFrames;
  /** Shared by all clients. */
  readonly people: PeopleWatch;
  /** The viewer's account. */
  readonly account: () => Account | undefined;
  readonly marks: RoomMarks;
}

/** Close code: another connection has taken over. */
const TAKEN_OVER = 4001;
/** Close code (RFC 6455 section 7.4.1), as for other limits: clients connect again. */
const POLICY_VIOLATION = 1008;

/** The facts about a request that its answer needs. */
export interface Request {
  readonly ref?: Ref;
  /** For `joined`. */
  readonly unread?: UnreadCount;
  readonly read?: number;
}

export class WebScreen implements Screen, PeopleListener {
  readonly repairs = 0;
  readonly tellsWhy = true;
  /** The current request. Everything shown meanwhile answers it. */
  request: Request = {};
  /** Whether `welcome` has been sent. */
  isWelcome = false;
  /** Whether the first rooms are still being joined, so that nothing is live yet. */
  isArriving = true;
  /** Whether the viewer has quit or logged out, after which coming back takes the password. */
  hasQuit = false;
  /** Recent renames of the client's rooms; absent if there were none. */
  moves: RecentMoves | undefined;
  readonly #options: WebScreenOptions;
  readonly #viewer: Viewer;
  #preferences: PreferencesJson | undefined;

  constructor(options: WebScreenOptions, viewer: Viewer) {
    this.#options = options;
    this.#viewer = viewer;
  }

  /** Sends a message if there is room for it. */
  send(message: ServerMessage): boolean {
    return this.#options.socket.push(encodeText(JSON.stringify(message)));
  }

  /** Sends a message that must arrive; returns what to await before the next one, if anything. */
  answer(message: ServerMessage): Promise<boolean> | undefined {
    return this.#options.socket.send(encodeText(JSON.stringify(message)));
  }

  notice(text: string): boolean {
    return this.send({ type: "notice", ref: this.request.ref, text });
  }

  error(text: string, code = "refused"): void {
    this.answer({ type: "error", ref: this.request.ref, code, text });
  }

  showNumbered(event: RoomEvent, room?: string): void {
    this.notice(numberedEventText(event, { room }));
  }

  showHit(hit: SearchHit, isApart: boolean): void {
    if (isApart) this.notice(HIT_RULE);
    for (const line of hitLines(hit)) this.notice(line);
  }

  showPrivate(message: PrivateMessage): boolean {
    const { kept, from } = message;
    // It can be read again, so it leaves a reserve for answers.
    if (kept) return this.#offer(keptMessage(message, kept));
    const ref = from === this.#viewer.nickname ? this.request.ref : undefined;
    return this.send(unkeptPrivateMessage(message, ref));
  }

  showPrivateAct(act: RoomEvent, partner: string): boolean {
    return this.#offer(privateAct(act, partner));
  }

  showConversations(conversations: readonly DirectConversation[]): void {
    this.answer(conversationList(conversations));
  }

  get marks(): Marks {
    return this.#options.marks.read;
  }

  recallMarks(marks: Marks): void {
    if (this.#options.account()) this.#options.marks.recall(marks);
  }

  forgetMarks(): void {
    this.#options.marks.forget();
    this.#preferences = undefined;
  }

  recallPreferences(preferences: string | undefined): void {
    this.#preferences = preferences === "" ? {} : preferences && JSON.parse(preferences);
  }

  showPreferences(): void {
    this.send({ type: "preferences", preferences: this.#preferences ?? {} });
  }

  showRead(room: string, seq: number): void {
    this.send({ type: "read", room, seq });
  }

  showName(name: string): void {
    if (!this.isArriving) this.answer({ type: "named", name });
  }

  showAccount(): void {
    if (!this.isWelcome) return;
    const account = this.#options.account();
    this.answer({
      type: "account",
      ref: this.request.ref,
      name: account?.name,
      isOperator: account?.isOperator ?? false,
      ignored: account && [...this.#viewer.ignored],
      preferences: account && this.#preferences,
    });
  }

  showEntry(room: RoomStream, isResumed: boolean): void {
    this.#showJoined(room, isResumed, room.lastSeq);
  }

  /** @param lastSeq The number of the event that the client is shown or knows last. */
  #showJoined(room: RoomStream, isResumed: boolean, lastSeq: number): void {
    const recent = room.recent.filter(({ seq }) => seq <= lastSeq);
    const list = withSelf(this.#options.people.enter(room, this), this.#viewer);
    this.#options.people.changed(room.name);
    const { ref, unread, read } = this.request;
    this.answer({
      type: "joined",
      ref,
      room: room.name,
      topic: room.topic,
      lastSeq,
      ...list,
      resumed: isResumed,
      events: isResumed ? [] : this.#withoutIgnored(recent).map(toEventJson),
      unread: unread && unreadOnEntry(room, unread),
      read,
    });
  }

  showExit(room: RoomStream, why?: string): void {
    this.#options.people.leave(room, this);
    this.answer({ type: "left", ref: this.request.ref, room: room.name, why });
  }

  /**
   * Sends `joined` for the new room before `left` for the old one, so the client is never in
   * neither.
   */
  showMove(from: RoomStream, to: RoomStream, after: number): void {
    if (from === to) return;
    this.moves ??= new RecentMoves();
    this.moves.note(from.name, to.name);
    const { request } = this;
    // Unsolicited, so it must not carry the `ref` of the current request.
    this.request = {};
    this.#showJoined(to, false, after);
    this.#options.people.leave(from, this);
    this.showForward(from.name, to.name);
    this.request = request;
  }

  /** Sends `left` for the old name of a room that the client is in under its new name. */
  showForward(room: string, to: string): void {
    this.send({ type: "left", room, why: `#${room} is #${to} now.`, to });
  }

  showCrowd(room: string, joined: number, left: number): void {
    this.send({ type: "crowd", room, joined, left });
    this.#options.people.changed(room);
  }

  showEvents(room: RoomStream, events: readonly RoomEvent[]): boolean {
    const { socket, frames, people } = this.#options;
    if (this.#viewer.ignored.size === 0) {
      if (!socket.offer(frames.frameOf(events), isComingAndGoing(events))) return false;
    } else {
      const shown = this.#withoutIgnored(events);
      if (shown.length > 0 && !socket.offer(encodeEvents(shown))) return false;
    }
    if (frames.changesPeople(events)) people.changed(room.name);
    return true;
  }

  showLive(): void {
    if (!this.isArriving) this.answer({ type: "live" });
  }

  takeChange(frame: Uint8Array): boolean {
    return this.#options.socket.offer(frame, true);
  }

  takeList(room: string, list: MemberSnapshot): boolean {
    return this.#offer({ type: "members", room, ...list });
  }

  turn(): Promise<void> | undefined {
    return this.#options.socket.turn();
  }

  hasRoom(): Promise<boolean> {
    return this.#options.socket.ready();
  }

  ready(): Promise<boolean> {
    return this.#options.socket.ready();
  }

  drained(): Promise<boolean> {
    return this.#options.socket.drained();
  }

  /** Nobody sees the ping. */
  isReachable(_question: string, onDoubt: () => void): Promise<boolean> {
    return this.#options.socket.isReachable(onDoubt);
  }

  end(complaint?: string, isReplaced = false): void {
    if (complaint === undefined) {
      this.hasQuit = true;
      this.#sayGoodbye("Goodbye.", 1000);
    } else {
      this.#sayGoodbye(complaint, isReplaced ? TAKEN_OVER : POLICY_VIOLATION);
    }
  }

  /** Sends a message if there is room for it besides answers. */
  #offer(message: ServerMessage): boolean {
    return this.#options.socket.offer(encodeText(JSON.stringify(message)));
  }

  #sayGoodbye(text: string, code: number): void {
    const { socket } = this.#options;
    if (socket.isEnded) return;
    this.send({ type: "bye", text });
    socket.close(code, text);
  }

  #withoutIgnored(events: readonly RoomEvent[]): readonly RoomEvent[] {
    const { ignored } = this.#viewer;
    return ignored.size === 0 ? events : events.filter((event) => !isIgnored(event, ignored));
  }
}

/** The list with the viewer, who has just joined. */
function withSelf({ count, members }: MemberSnapshot, { nickname, via }: Viewer): MemberSnapshot {
  if (members.some(({ name }) => name === nickname)) return { count, members };
  return { count: count + 1, members: [...members, { name: nickname, via }] };
}

/** Adds what has been said since the messages were counted. */
function unreadOnEntry({ recent }: RoomStream, { count, lastSeq }: UnreadCount): number {
  return count + recent.filter(({ seq }) => seq > lastSeq).length;
}
