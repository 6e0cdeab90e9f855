/**
 * The rooms of one web client: enters and leaves them, finds them by what the client sends, and
 * notes how far they have been read.
 *
 * @module
 */

import { missing } from "../../domain/access/refusal.ts";
import { isDirectRoom, partnerIn } from "../../domain/direct_room.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { parseRoomName } from "../../domain/name.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import { nowCalled } from "../../service/chat/rooms/room_lists.ts";
import { EVENT_NUMBERS, type Fields } from "../fields.ts";
import type { HandlerContext, Handlers } from "./handler.ts";
import type { RoomMarks } from "./room_marks.ts";

/** What a client may say of a room that it enters. */
interface Entry {
  /** The `seq` of the last event that it knows. */
  readonly after?: number;
  readonly key?: string;
  /** How far it has read the room; the account may have read further. */
  readonly read?: number;
}

export class WebRooms {
  readonly #context: HandlerContext;
  readonly #marks: RoomMarks;

  constructor(context: HandlerContext, marks: RoomMarks) {
    this.#context = context;
    this.#marks = marks;
  }

  get handlers(): Handlers {
    const { web, screen, person } = this.#context;
    return {
      join: async (fields) => {
        await this.enterAsked(fields);
        if (!person.isBehind) screen.showLive();
      },
      leave: async (fields) => {
        const room = this.require(fields);
        await web.chat.registry.settled();
        person.visits.leave(room);
      },
      read: (fields) => this.#read(fields),
    };
  }

  /** Enters the room that a client names. @throws {DomainError | FieldError} */
  async enterAsked(fields: Fields): Promise<void> {
    const key = fields.optionalText("key");
    const name = this.#parseName(fields.text("room"), key);
    const after = fields.optionalNumber("after", EVENT_NUMBERS);
    await this.enter(name, { after, key, read: fields.optionalNumber("read", EVENT_NUMBERS) });
  }

  /** @throws {DomainError} */
  async enter(asked: string, { after, key, read }: Entry = {}): Promise<void> {
    const { web, socket, screen, person } = this.#context;
    let name = person.visits.currentName(asked, key);
    if (name === asked && after !== undefined && !person.findRoom(name)) {
      name = await web.queries(person.sees).wentOn(name, after);
    }
    if (name !== asked) {
      // Message numbers of the old room mean nothing in the new one.
      await this.enter(name, { key });
      return screen.showForward(asked, name);
    }
    const known = this.#marks.of(name);
    const mark = read === undefined || known === undefined ? read ?? known : Math.max(read, known);
    const unread = mark === undefined
      ? undefined
      : await web.queries(person.sees).unread(name, mark);
    if (socket.isEnded) return;
    screen.request = { ...screen.request, unread, read: mark };
    const room = person.findRoom(name);
    if (room) screen.showEntry(room, false);
    else await person.visits.enter(name, { after, key });
    const entered = person.findRoom(name);
    if (entered && read !== undefined) this.#noteRead(entered, read);
  }

  /**
   * The room that a client names, in which it must be.
   *
   * @param options.isNumbered Whether a number comes with it, which means nothing under another
   * name.
   * @throws {DomainError | FieldError}
   */
  require(fields: Fields, { isNumbered = true } = {}): RoomStream {
    const { screen, person } = this.#context;
    const name = parseRoomName(fields.text("room"));
    const current = isNumbered ? undefined : screen.moves?.current(name);
    const room = person.findRoom(name) ??
      (isNumbered ? undefined : person.findCalled(current ?? name));
    if (room) return room;
    throw new DomainError("not-in-room", this.#whyNotIn(name));
  }

  #whyNotIn(name: string): string {
    const { person } = this.#context;
    const renamed = person.findCalled(name);
    if (renamed) return `${nowCalled(name, renamed.name)} Messages have other numbers there.`;
    const current = person.sees.currentName(name);
    return current === name
      ? `You are not in #${name}. Join it first.`
      : `${nowCalled(name, current)} Join it first.`;
  }

  /** As with `/join`: without a key, two words are a mistyped name. */
  #parseName(text: string, key: string | undefined): string {
    const hasKey = this.#context.web.chat.access.rules(text)?.key !== undefined;
    return parseRoomName(key === undefined || hasKey ? text : `${text} ${key}`);
  }

  /** Notes how far the person has read a room or a conversation. */
  async #read(fields: Fields): Promise<void> {
    const { sees, member, correspondence } = this.#context.person;
    const room = sees.parseName(fields.text("room"));
    const seq = fields.number("seq", EVENT_NUMBERS);
    if (!isDirectRoom(room)) return this.#noteRead(this.require(fields), seq);
    const partner = partnerIn(room, member.account);
    const conversation = partner === undefined ? undefined : await correspondence.with(partner);
    if (!conversation) throw missing(sees.label(room));
    correspondence.noteRead(conversation.partner, Math.min(seq, conversation.lastSeq));
  }

  #noteRead({ name, lastSeq }: RoomStream, seq: number): void {
    this.#marks.note(this.#context.person, name, Math.min(seq, lastSeq));
  }
}
