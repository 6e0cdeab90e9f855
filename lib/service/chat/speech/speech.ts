/**
 * What a person says in rooms and to other accounts, and what they are told of it once it is stored,
 * or could not be.
 *
 * @module
 */

import type { Account } from "../../../domain/access/accounts/account.ts";
import type { Author } from "../../../domain/author.ts";
import { directRoom } from "../../../domain/direct_room.ts";
import { whyRefused } from "../../../domain/log_error.ts";
import type { Draft, RoomEvent, RoomEventKind } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatMember } from "../chat_member.ts";
import type { Screen } from "../screen.ts";
import type { RoomActs, SharedChat } from "../shared_chat.ts";
import type { SayReceipt, SayReceipts } from "./receipts.ts";
import { repairsText, saidBody, type Speaker } from "./said_text.ts";

/** The fields that a door stores with a message, and the event that it is about. */
export type SaidDetails = Pick<Draft, "fields" | "about">;

/** The person who speaks. */
export interface SpeakingPerson extends Speaker {
  readonly chat:
    & Speaker["chat"]
    & Pick<SharedChat<{ readonly nickname: string }>, "clock">
    & { readonly registry: Pick<RoomActs, "say" | "sayPrivately"> };
  readonly member: ChatMember;
  readonly screen: Pick<Screen, "repairs" | "error">;
  /** The room that lines go to. @throws {DomainError} `not-in-room` if there is none. */
  requireRoom(): RoomStream;
}

export class Speech implements Author {
  /** Pending receipts for things said, if the door gives any. */
  receipts: SayReceipts | undefined;
  readonly #person: SpeakingPerson;
  #hasSpoken = false;
  #spokeAt: number;

  constructor(person: SpeakingPerson) {
    this.#person = person;
    this.#spokeAt = person.chat.clock.now();
  }

  /** Part of {@linkcode Author}. */
  get origin(): number {
    return this.#person.member.origin;
  }

  /** Whether the person has said anything in a room. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** When the person last said something or, before that, connected; milliseconds since 1970. */
  get spokeAt(): number {
    return this.#spokeAt;
  }

  /** Notes that the person has said something. */
  noteSpoken(): void {
    this.#spokeAt = this.#person.chat.clock.now();
  }

  /**
   * Says something in the current room.
   *
   * @param receipt Called with what became of it, if there are {@linkcode receipts}.
   * @param text One line, or several with newlines between them.
   * @throws {DomainError} `not-in-room`, `looks-like-login`, `too-long`, and as the rules of the
   * room say.
   */
  say(
    kind: RoomEventKind,
    text: string,
    receipt?: SayReceipt,
    details?: SaidDetails,
  ): void {
    const { chat: { registry }, member, screen: { repairs } } = this.#person;
    const room = this.#person.requireRoom();
    const body = saidBody(this.#person, kind, text);
    this.#hasSpoken = true;
    this.noteSpoken();
    registry.say(member, room, kind, body, details);
    this.receipts?.expect(room.name, kind, receipt);
    if (repairs > 0) registry.say(member, room, "gap", repairsText(member.nickname, repairs));
  }

  /**
   * Says something to another account, in the room of the two; it is shown to both once it is on
   * disk.
   *
   * @param account The person's own.
   * @param body As `bodyOf` returns it.
   * @throws {DomainError} As the rules say.
   */
  sayPrivately(
    { name: from, key }: Pick<Account, "name" | "key">,
    to: Pick<Account, "key">,
    body: string,
    receipt?: SayReceipt,
    details?: SaidDetails,
  ): void {
    const { chat: { registry }, member } = this.#person;
    const room = directRoom(key, to.key);
    registry.sayPrivately(member, { room, kind: "message", from, body, ...details });
    this.receipts?.expect(room, "message", receipt);
  }

  /** Part of {@linkcode Author}. */
  committed(events: readonly RoomEvent[]): void {
    this.receipts?.settle(events);
  }

  /** Part of {@linkcode Author}. */
  refused(drafts: readonly Draft[], reason: Error): void {
    const unanswered = this.receipts?.refuse(drafts, reason) ?? drafts;
    const lost = unanswered.filter(({ kind }) => kind !== "join" && kind !== "part").length;
    if (lost === 0) return;
    const [subject, object] = lost === 1
      ? ["Your last line", "it"]
      : [`Your last ${lost} lines`, "them"];
    this.#person.screen.error(
      `${subject} could not be stored, so nobody has seen ${object}. ` +
        `The server's ${whyRefused(reason)}; try again later.`,
    );
  }
}
