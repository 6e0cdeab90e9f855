/**
 * All open rooms, and the way into them: it asks who may read and write, and submits what they say.
 * `membership.ts` says who is in which room; `event_delivery.ts` takes over once events are on disk.
 *
 * @module
 */

import { AccessControl } from "../access/access_control.ts";
import { SpeechRules } from "../access/speech_rules.ts";
import type { Asker } from "../asker.ts";
import type { Author } from "../author.ts";
import { DomainError } from "../domain_error.ts";
import type { EventTally } from "../event_tally.ts";
import type { RoomHistory } from "../history/room_history.ts";
import { type Loss, toGap } from "../loss.ts";
import type { Draft, RoomEvent, RoomEventKind } from "../room_event.ts";
import type { Sequencer } from "../sequencer.ts";
import type { DirectSubscriber } from "./direct_delivery.ts";
import { EventDelivery } from "./event_delivery.ts";
import { LivelyRooms } from "./lively_rooms.ts";
import { Membership } from "./membership.ts";
import { OpenRooms } from "./open_rooms.ts";
import type { Room } from "./room.ts";
import { RoomMoves } from "./room_moves.ts";
import type { Member, RoomStream } from "./room_stream.ts";
import { type Details, Submission } from "./submission.ts";

export interface RoomRegistryOptions {
  readonly log: RoomHistory;
  readonly sequencer: Sequencer;
  /** What log lines must await besides the log; returns `undefined` if they need not wait. */
  readonly brake?: () => Promise<void> | undefined;
  /** Says who may do what. @default {everybody may do everything} */
  readonly access?: AccessControl;
  /**
   * Whether other nodes have people in these rooms, too. Who came first is known only once the
   * joining has its place in the order of all nodes then. @default {false}
   */
  readonly isShared?: boolean;
}

/** The rooms of this process. */
export class RoomRegistry {
  /** What has been published, and what could not be. */
  readonly tally: EventTally;
  /** Who is in which room. */
  readonly membership: Membership;
  /** The rooms with people in them that anybody may know of. */
  readonly lively: LivelyRooms;
  readonly #sequencer: Sequencer;
  readonly #brake: () => Promise<void> | undefined;
  readonly #rooms: OpenRooms;
  readonly #access: AccessControl;
  readonly #speech: SpeechRules;
  readonly #moves: RoomMoves;
  readonly #submission: Submission;
  readonly #delivery: EventDelivery;

  constructor(options: RoomRegistryOptions) {
    const { log, sequencer, brake, access = new AccessControl(), isShared = false } = options;
    const rooms = this.#rooms = new OpenRooms(log, isShared);
    const submission = this.#submission = new Submission(sequencer, access);
    const lively = this.lively = new LivelyRooms(access, (key) => rooms.find(key));
    const submit = (draft: Draft) => submission.submit(draft);
    const moves = this.#moves = new RoomMoves({ access, rooms, lively, submit });
    this.membership = new Membership({ rooms, lively, moves, access, submission, isShared });
    this.#delivery = new EventDelivery({
      rooms,
      moves,
      access,
      isShared,
      submit: (gap) => sequencer.submit(gap),
    });
    this.tally = this.#delivery.tally;
    this.#access = access;
    this.#speech = new SpeechRules(access);
    this.#sequencer = sequencer;
    this.#brake = brake ?? (() => undefined);
    sequencer.listen(this.#delivery);
  }

  /** Rooms that somebody is in, or reads. */
  get open(): Iterable<Room> {
    return this.#rooms.all;
  }

  /** How many rooms are open. */
  get openCount(): number {
    return this.#rooms.size;
  }

  /** The open room of that name, compared without case. */
  find(name: string): Room | undefined {
    return this.#rooms.find(name);
  }

  /**
   * Opens the room for something that reads it without being in it.
   *
   * @param asker Who it reads for. Rules that change later are for the caller to notice.
   * @param onOpened Must subscribe to the room, which stays open until its last subscriber and its
   * last member have gone.
   */
  async watch(asker: Asker, name: string, onOpened: (room: Room) => void): Promise<void> {
    this.#access.require(asker, name, "read");
    await this.#rooms.enter(name, (room) => {
      try {
        this.#access.require(asker, name, "read");
        onOpened(room);
      } finally {
        this.#rooms.dropIfDeserted(room);
      }
    });
  }

  /** Whether a member may say something in a room now. @param body What it is, if that is known. */
  maySpeak(member: Member, room: RoomStream, body = ""): boolean {
    return this.#speech.maySpeak(member, this.membership.placeOf(member, room).name, body);
  }

  /**
   * Submits something that a member says or does in a room. It is published once it is on disk.
   *
   * @throws {DomainError} `not-in-room`, and as the rules of the room say.
   */
  say(
    member: Member,
    known: RoomStream,
    kind: RoomEventKind,
    body: string,
    details?: Details,
  ): void {
    const room = this.membership.placeOf(member, known);
    if (!room.members.has(member)) throw notInRoom(room.name);
    this.#speech.require(member, room.name, kind, body);
    if (kind === "nick" && details?.cause) this.#moves.noteName(member, details.cause);
    this.#submission.submitBy(member, room, kind, body, details);
  }

  /**
   * Submits something that a member says in a room that they are not in.
   *
   * @throws {DomainError} `not-in-room` if the room does not take that, and as its rules say.
   */
  sayFromOutside(
    member: Member,
    room: RoomStream,
    kind: RoomEventKind,
    body: string,
    details?: Details,
  ): void {
    if (!this.#access.rules(room.name)?.takesOutside) throw notInRoom(room.name);
    this.#speech.requireFromOutside(member, room.name, kind, body);
    this.#submission.submitBy(member, room, kind, body, details);
  }

  /**
   * Submits what a member says or does in a room of two, which nobody enters. It is published once it
   * is on disk.
   *
   * @param draft.from The name of the member's account.
   * @throws {DomainError} If the member is not one of the two.
   */
  sayPrivately(member: Member, draft: Draft): void {
    this.#access.require(member, draft.room, "speak");
    const { via, origin } = member;
    this.#sequencer.submit({ ...draft, via, origin });
  }

  /**
   * Delivers what is said in all rooms of two of the asker's account from now on, for as long as
   * the asker may read them.
   *
   * @returns Ends that.
   */
  followPrivately(asker: Asker, subscriber: DirectSubscriber): () => void {
    return this.#delivery.direct.follow(asker, subscriber);
  }

  /**
   * Stores drafts, all or none, for something that is in no room; resolves to the events once they
   * are on disk.
   *
   * @param drafts At least one, all of one origin, which nobody else has.
   * @throws {DomainError} If the asker may not write there.
   * @throws {Error} If they could not be stored.
   */
  async post(asker: Asker, drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    this.#speech.requirePosting(asker, drafts);
    return await this.postUnasked(drafts);
  }

  /** As {@linkcode RoomRegistry.post}, for the server's own words. */
  postUnasked(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const stored = this.#delivery.posts.expect(drafts);
    for (const draft of drafts) this.#submission.submit(draft);
    return stored;
  }

  /** Calls `listener` with acts of moderation in shared rooms, as soon as they are on record. */
  followActs(listener: (act: RoomEvent) => void): void {
    this.#delivery.followActs(listener);
  }

  /** Tells `author` what becomes of the drafts that carry its `origin`, until it is detached. */
  attach(author: Author): void {
    this.#delivery.authors.add(author);
  }

  detach(author: Author): void {
    this.#delivery.authors.delete(author);
  }

  /**
   * Writes lines into a room, which need not exist.
   *
   * @throws {DomainError} If the asker may not write there. Nothing is written then.
   */
  record(asker: Asker, room: string, drafts: Iterable<Draft>): void {
    this.#access.require(asker, room, "log");
    for (const draft of drafts) this.#submission.submit(draft);
  }

  /** Records a loss as a `gap`. If that cannot be stored either, it is stored later. */
  recordLoss(loss: Loss): void {
    this.#sequencer.submit(toGap(loss));
  }

  /** What to await before submitting more, when the log is behind; otherwise `undefined`. */
  backpressure(): Promise<void> | undefined {
    return this.#sequencer.isBusy ? this.#sequencer.settled() : undefined;
  }

  /** Like {@linkcode RoomRegistry.backpressure}, for authors that submit thousands of lines. */
  linePressure(): Promise<void> | undefined {
    return this.#sequencer.hasEnough ? this.#sequencer.settled() : this.#brake();
  }

  /** Resolves once everything submitted before has been published or refused. */
  settled(): Promise<void> {
    return this.#sequencer.settled();
  }

  /** The same, for those who only want to see it; see {@linkcode Sequencer.current}. */
  current(): Promise<void> {
    return this.#sequencer.current?.() ?? this.#sequencer.settled();
  }

  /** As {@linkcode RoomRegistry.settled}, for somebody who comes from another node of a cluster. */
  caughtUp(): Promise<void> {
    return this.#sequencer.caughtUp?.() ?? this.#sequencer.settled();
  }

  /** Confirms that what was published is still stored. @throws {LogLostError} */
  check(): Promise<void> {
    return this.#sequencer.check();
  }
}

function notInRoom(room: string): DomainError {
  return new DomainError("not-in-room", `You are not in #${room}. Join it with /join ${room}.`);
}
