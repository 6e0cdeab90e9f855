/**
 * The conversations of one person's account, as one of its sessions follows them.
 *
 * @module
 */

import type { AccountDirectory } from "../../../domain/access/moderation/protection.ts";
import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import { directRoom, partiesOf, partnerIn } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { DirectFeed, type DirectSink } from "../../../domain/feeds/direct_feed.ts";
import type { RoomRecord } from "../../../domain/message_log.ts";
import { nameKey } from "../../../domain/name.ts";
import { readableBody } from "../../../domain/redaction.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { RoomRegistry } from "../../../domain/rooms/room_registry.ts";
import type { Member } from "../../../domain/rooms/room_stream.ts";
import { countText } from "../../../domain/wording.ts";
import { log } from "../../../log.ts";
import type { Screen } from "../screen.ts";
import type { DirectConversation } from "./direct_conversation.ts";
import type { AccountMarks, MarkListener, ReadMarks } from "./read_marks.ts";

/** Conversations in a list, the latest ones. */
export const MOST_CONVERSATIONS = 200;
/** Unread messages of a conversation are counted up to here. */
const MOST_UNREAD = 100;
/** Conversations whose unread messages are told to somebody who enters. */
const MOST_TOLD = 5;

/** What all people share, as far as it is used here. */
export interface CorrespondenceContext {
  readonly registry: Pick<RoomRegistry, "followPrivately">;
  readonly accounts: AccountDirectory;
  readonly readMarks: ReadMarks<Correspondence>;
}

/** The person whose conversations these are. */
export interface Correspondent {
  readonly chat: CorrespondenceContext;
  readonly member: Member;
  readonly sees: PermittedRooms;
  readonly screen: Screen;
  readonly nickname: string;
  readonly ignored: ReadonlySet<string>;
  readonly awayText: string | undefined;
  readonly hasDeparted: boolean;
  /** Set to the key of the account that wrote last. */
  correspondent: object | string | undefined;
  notice(text: string): boolean;
  error(text: string, code?: string): void;
}

export class Correspondence implements DirectSink, MarkListener {
  readonly #person: Correspondent;
  #hasBegun = false;
  /** Set while the person is logged in. */
  #account: string | undefined;
  #marks: AccountMarks | undefined;
  #stopFollowing: (() => void) | undefined;

  constructor(person: Correspondent) {
    this.#person = person;
  }

  get label(): string {
    return this.#person.nickname;
  }

  get awayText(): string | undefined {
    return this.#person.awayText;
  }

  /**
   * Follows the conversations of the person's account, if there is one, and tells what is unread.
   * Called once the person has entered, so that it is the last thing that they are shown.
   */
  async begin(): Promise<void> {
    this.#hasBegun = true;
    await this.accountChanged();
  }

  /** Called whenever the person has logged in or out; does nothing before they have entered. */
  async accountChanged(): Promise<void> {
    const { member, chat, sees, screen } = this.#person;
    const { account } = member;
    if (!this.#hasBegun || account === this.#account) return;
    await this.#stop();
    if (this.#person.hasDeparted) return;
    if (account === undefined) return screen.showConversations?.([]);
    this.#account = account;
    const marks = await chat.readMarks.enter(account, this);
    // The person may have left, or logged out, meanwhile.
    if (this.#account !== account) return await chat.readMarks.leave(account, this);
    this.#marks = marks;
    this.#stopFollowing = chat.registry.followPrivately(member, new DirectFeed(sees, this));
    try {
      const conversations = await this.list();
      if (this.#account !== account) return;
      if (screen.showConversations) screen.showConversations(conversations);
      else this.#tellUnread(conversations);
    } catch (error) {
      // The log says why it cannot be read; conversations are followed all the same.
      if (!(error instanceof DomainError)) throw error;
      this.#person.error(error.message, error.code);
    }
  }

  /** Follows them no longer. */
  async end(): Promise<void> {
    this.#hasBegun = false;
    await this.#stop();
  }

  /** The conversations, those with the latest events first. @throws {DomainError} */
  async list(): Promise<DirectConversation[]> {
    const account = this.#account;
    if (account === undefined) return [];
    const records = await this.#person.sees.directRooms(account, MOST_CONVERSATIONS);
    const conversations: DirectConversation[] = [];
    for (const record of records) conversations.push(await this.#describe(account, record));
    return conversations;
  }

  /** The conversation with an account; `undefined` if there was none. @throws {DomainError} */
  async with(partner: string): Promise<DirectConversation | undefined> {
    const account = this.#account;
    if (account === undefined) return undefined;
    const record = await this.#person.sees.room(directRoom(account, partner));
    return record && await this.#describe(account, record);
  }

  /** The number up to which the person has read a conversation; 0 if none of it. */
  readThrough(partner: string): number {
    return this.#marks?.of(partner) ?? 0;
  }

  /** Notes that the person has read a conversation up to number `seq`. */
  noteRead(partner: string, seq: number): void {
    if (this.#account === undefined) return;
    this.#person.chat.readMarks.readTo(this.#account, partner, seq);
  }

  takePrivately(event: RoomEvent): boolean {
    const { ignored, screen } = this.#person;
    const partner = partnerIn(event.room, this.#account);
    if (partner === undefined || ignored.has(partner)) return true;
    if (event.kind === "message") {
      const isOwn = nameKey(event.from) === this.#account;
      const name = isOwn ? this.#nameOf(partner) : event.from;
      const message = {
        from: event.from,
        to: isOwn ? name : this.#nameOf(this.#account!),
        body: readableBody(event),
        fields: event.fields,
        kept: { event, partner: name, since: this.#sinceOf(partner), isOwn },
      };
      if (!screen.showPrivate(message)) return false;
      if (!isOwn) this.#person.correspondent = partner;
    } else if (screen.showPrivateAct?.(event, this.#nameOf(partner)) === false) return false;
    // What came before and was not shown stays unread.
    const isNext = this.#marks && event.seq <= this.#marks.of(partner) + 1;
    if (isNext && screen.isReadWhenShown) this.noteRead(partner, event.seq);
    return true;
  }

  turn(): Promise<void> | undefined {
    return this.#person.screen.turn();
  }

  ready(): Promise<boolean> {
    return this.#person.screen.hasRoom();
  }

  drained(): Promise<boolean> {
    return this.#person.screen.drained();
  }

  leftOut(): void {
    this.#person.notice("There were more private messages than could be shown. /msg lists them.");
  }

  failPrivately(error: unknown): void {
    if (!(error instanceof DomainError)) {
      log("chat").error("Cannot read private messages from the log: {error}", { error });
    }
    this.#person.error("Some private messages could not be shown. /msg lists those unread.");
  }

  readTo(partner: string, seq: number): void {
    if (this.#account === undefined) return;
    this.#person.screen.showRead?.(directRoom(this.#account, partner), seq);
  }

  /** Called when another session of the account has read a room up to number `seq`. */
  readRoom(room: string, seq: number): void {
    this.#person.screen.showRead?.(room, seq);
  }

  /** Called when another session of the account has changed the preferences; they are JSON. */
  prefer(preferences: string): void {
    const { screen } = this.#person;
    screen.recallPreferences?.(preferences);
    screen.showPreferences?.();
  }

  async #stop(): Promise<void> {
    const account = this.#account;
    this.#stopFollowing?.();
    this.#account = this.#marks = this.#stopFollowing = undefined;
    if (typeof this.#person.correspondent === "string") this.#person.correspondent = undefined;
    if (account !== undefined) await this.#person.chat.readMarks.leave(account, this);
  }

  #tellUnread(conversations: readonly DirectConversation[]): void {
    const { ignored } = this.#person;
    const unread = conversations.filter(({ unread, partner }) =>
      unread > 0 && !ignored.has(partner)
    );
    if (unread.length === 0) return;
    this.#person.correspondent ??= unread[0].partner;
    for (const { name, unread: count, hasMore } of unread.slice(0, MOST_TOLD)) {
      const messages = hasMore ? `${count}+ unread messages` : countText(count, "unread message");
      this.#person.notice(
        `${messages} from ${name}. /msg ${name} shows ${count === 1 ? "it" : "them"}.`,
      );
    }
    const more = unread.length - MOST_TOLD;
    if (more > 0) {
      const people = more === 1 ? "1 more person" : `${more} more people`;
      this.#person.notice(`Unread messages from ${people}. /msg lists them.`);
    }
  }

  async #describe(account: string, record: RoomRecord): Promise<DirectConversation> {
    const { name: room, firstSeq, lastSeq } = record;
    const [one, other] = partiesOf(room);
    const partner = one === account ? other : one;
    // What is no longer kept cannot be read.
    const read = Math.min(lastSeq, Math.max(this.#marks?.of(partner) ?? 0, firstSeq - 1));
    let unread = 0;
    let hasMore = false;
    if (read < lastSeq) {
      const range = { after: read, before: lastSeq + 1 };
      const { events, after } = await this.#person.sees.talk(room, range, MOST_UNREAD, "last");
      unread = events.filter(({ kind, from }) => kind === "message" && nameKey(from) !== account)
        .length;
      hasMore = after > read;
      if (unread === 0 && !hasMore) this.noteRead(partner, lastSeq);
    }
    const name = this.#nameOf(partner);
    const since = this.#sinceOf(partner);
    return { name, partner, since, room, firstSeq, lastSeq, read, unread, hasMore };
  }

  #nameOf(account: string): string {
    return this.#person.chat.accounts.find(account)?.name ?? account;
  }

  #sinceOf(account: string): number | undefined {
    return this.#person.chat.accounts.find(account)?.createdAt;
  }
}
