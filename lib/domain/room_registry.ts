/**
 * All open rooms, and the path of every event: from its author through the sequencer to the log,
 * and only then to the rooms.
 *
 * @module
 */

import { log } from "../log.ts";
import { AccessControl } from "./access/access_control.ts";
import type { Asker } from "./access/asker.ts";
import { isDirectRoom } from "./access/direct_room.ts";
import { SpeechRules } from "./access/speech_rules.ts";
import { type Author, Authors } from "./author.ts";
import { DirectDelivery, type DirectSubscriber } from "./direct_delivery.ts";
import { DomainError } from "./domain_error.ts";
import { LivelyRooms } from "./lively_rooms.ts";
import { EventTally } from "./event_tally.ts";
import { type Loss, LossBook, lossOf, toGap } from "./loss.ts";
import type { RoomHistory } from "./room_history.ts";
import { OpenRooms } from "./open_rooms.ts";
import { RoomMoves } from "./room_moves.ts";
import { Posts } from "./posts.ts";
import { redactionsAmong } from "./redaction.ts";
import type { Room } from "./room.ts";
import {
  type Cause,
  type Draft,
  type RoomEvent,
  type RoomEventKind,
  tellsOfMove,
} from "./room_event.ts";
import type { Member, RoomStream } from "./room_stream.ts";
import type { Sequencer } from "./sequencer.ts";
import { withoutLog } from "./unlogged.ts";

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

/** Members of the largest room that is not delivered to after the others. */
const CROWD = 50;

/** What a draft may have besides its text. */
export type Details = Pick<Draft, "fields" | "cause" | "about">;

/** The rooms of this process. */
export class RoomRegistry {
  /** What has been published, and what could not be. */
  readonly tally = new EventTally();
  readonly #sequencer: Sequencer;
  readonly #brake: () => Promise<void> | undefined;
  readonly #rooms: OpenRooms;
  readonly #posts = new Posts();
  readonly #authors = new Authors();
  readonly #losses = new LossBook();
  readonly #access: AccessControl;
  readonly #speech: SpeechRules;
  readonly #direct: DirectDelivery;
  readonly #moves: RoomMoves;
  readonly #isShared: boolean;
  /** The rooms with people in them that anybody may know of. */
  readonly lively: LivelyRooms;
  readonly #actListeners = new Set<(act: RoomEvent) => void>();

  constructor(options: RoomRegistryOptions) {
    const { log, sequencer, brake, access = new AccessControl(), isShared = false } = options;
    this.#isShared = isShared;
    this.#access = access;
    this.#rooms = new OpenRooms(log, isShared);
    this.#speech = new SpeechRules(access);
    this.#direct = new DirectDelivery(access);
    this.lively = new LivelyRooms(access, (key) => this.#rooms.find(key));
    this.#moves = new RoomMoves({
      access,
      rooms: this.#rooms,
      lively: this.lively,
      submit: (draft) => sequencer.submit(this.#asKept(draft)),
    });
    this.#sequencer = sequencer;
    this.#brake = brake ?? (() => undefined);
    sequencer.listen({
      committed: (events) => this.#deliver(events),
      refused: (drafts, reason) => this.#refuse(drafts, reason),
    });
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
   * Lets a member into the room, creating it if necessary.
   *
   * @param name As `parseRoomName` returns it.
   * @param key The room's key, if the member gave one.
   * @param onJoined Called once the member is in, before anything else is published: `room.recent`
   * and what a subscriber added here is delivered join without a gap.
   */
  async join(
    member: Member,
    name: string,
    onJoined: (room: Room) => void,
    key?: string,
  ): Promise<void> {
    let isMoved = false;
    const require = (room?: Room) =>
      this.#access.require(member, name, "join", { key, members: room?.members.size });
    // First, because opening a room is work and creates it.
    require(this.find(name));
    await this.#rooms.enter(name, (room) => {
      // The room may have been renamed while it was opened, or the member may have left.
      isMoved = this.#access.currentName(name) !== name;
      if (isMoved || member.hasLeft) return this.#rooms.dropIfDeserted(room);
      if (room.members.has(member)) return;
      // Again: the rules may have changed, and the room may have filled up.
      require(room);
      const isFirst = room.members.size === 0;
      room.members.add(member);
      this.#access.enter(room.name, member, isFirst && !this.#isShared);
      if (isFirst) this.lively.note(room);
      this.#moves.noteJoin(member, room);
      onJoined(room);
      this.#submit(member, room, "join", "");
    });
    if (isMoved) await this.join(member, this.#access.currentName(name), onJoined, key);
  }

  /**
   * The room that a member is in, given the room as the member knows it: perhaps before a rename.
   */
  placeOf(member: Member, room: RoomStream): RoomStream {
    return this.#moves.placeOf(member, room);
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

  /** Lets a member out, with a last word if there is one. */
  leave(member: Member, known: RoomStream, farewell = "", cause?: Cause): void {
    const room = this.placeOf(member, known);
    if (!room.members.delete(member)) return;
    const isLast = room.members.size === 0;
    this.#access.leave(room.name, member, !this.#isShared && isLast);
    if (isLast) this.lively.note(room);
    this.#submit(member, room, "part", farewell, { cause });
    // A member declared gone has already left for the other nodes: no leave event will close the
    // room.
    const open = this.#isShared && isLast ? this.find(room.name) : undefined;
    if (open) this.#rooms.dropIfDeserted(open);
  }

  /**
   * Notes that somebody at another node is in a room, and opens it: rooms are open at all nodes as
   * long as somebody is in them. Called before the event of their joining is delivered.
   *
   * @param past Given if it was delivered before the start: whether they keep order as the first.
   */
  admit(member: Member, name: string, past?: { readonly isFirst: boolean }): Room {
    const room = this.#rooms.addFromElsewhere(member, name);
    this.lively.note(room);
    if (past) room.present.set(member.origin, member.nickname);
    this.#access.enter(name, member, past?.isFirst ?? false);
    return room;
  }

  /** Notes that somebody at another node is no longer in a room, before that event is delivered. */
  withdraw(member: Member, name: string): void {
    if (!this.#rooms.removeFromElsewhere(member, name)) return;
    this.#access.leave(name, member, false);
    const room = this.find(name);
    if (room) this.lively.note(room);
  }

  /** Joins a member to a room again, after the cluster declared them gone. */
  rejoin(member: Member, known: RoomStream): void {
    const room = this.placeOf(member, known);
    // Their first joining may have been sent again already.
    const isPresent = this.find(room.name)?.present.has(member.origin);
    if (isPresent || !room.members.has(member)) return;
    // What they had at the other nodes has ended with their leaving.
    this.#access.leave(room.name, member, false);
    this.#submit(member, room, "join", "");
  }

  /** Whether a member may say something in a room now. @param body What it is, if that is known. */
  maySpeak(member: Member, room: RoomStream, body = ""): boolean {
    return this.#speech.maySpeak(member, this.placeOf(member, room).name, body);
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
    const room = this.placeOf(member, known);
    if (!room.members.has(member)) throw notInRoom(room.name);
    this.#speech.require(member, room.name, kind, body);
    if (kind === "nick" && details?.cause) this.#moves.noteName(member, details.cause);
    this.#submit(member, room, kind, body, details);
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
    this.#submit(member, room, kind, body, details);
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
    return this.#direct.follow(asker, subscriber);
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
    const stored = this.#posts.expect(drafts);
    for (const draft of drafts) this.#sequencer.submit(this.#asKept(draft));
    return stored;
  }

  /** Calls `listener` with acts of moderation in shared rooms, as soon as they are on record. */
  followActs(listener: (act: RoomEvent) => void): void {
    this.#actListeners.add(listener);
  }

  /** Tells `author` what becomes of the drafts that carry its `origin`, until it is detached. */
  attach(author: Author): void {
    this.#authors.add(author);
  }

  detach(author: Author): void {
    this.#authors.delete(author);
  }

  /**
   * Writes lines into a room, which need not exist.
   *
   * @throws {DomainError} If the asker may not write there. Nothing is written then.
   */
  record(asker: Asker, room: string, drafts: Iterable<Draft>): void {
    this.#access.require(asker, room, "log");
    for (const draft of drafts) this.#sequencer.submit(this.#asKept(draft));
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

  #submit(
    member: Member,
    room: RoomStream,
    kind: RoomEventKind,
    body: string,
    details?: Details,
  ): void {
    const { nickname: from, via, origin } = member;
    const draft = this.#asKept({ room: room.name, kind, from, body, via, origin });
    this.#sequencer.submit(details ? { ...draft, ...details } : draft);
  }

  /** The draft, marked as unlogged if its room keeps no log; moves are logged in any case. */
  #asKept(draft: Draft): Draft {
    if (tellsOfMove(draft)) return draft;
    return this.#access.rules(draft.room)?.hasNoLog ? withoutLog(draft) : draft;
  }

  #deliver(events: readonly RoomEvent[]): void {
    this.tally.add(events);
    this.#posts.settle(events);
    for (const part of this.#moves.split(events)) {
      this.#moves.prepare(part);
      this.#fanOut(part);
    }
    this.#authors.committed(events);
    if (this.#isShared) this.#tellActs(events);
    // Gaps that could not be stored before can be stored now.
    for (const loss of this.#losses.take()) this.recordLoss(loss);
  }

  #fanOut(events: readonly RoomEvent[]): void {
    for (const [name, run] of this.#byRoom(events)) {
      if (isDirectRoom(name)) this.#direct.deliver(name, run);
      this.#moves.settle(name, run);
      const room = this.find(name) ?? this.#openFor(name, run);
      if (!room) continue;
      if (this.#isShared) this.#noteAttendance(room, run);
      try {
        room.fanOut(run);
        if (redactionsAmong(run).length > 0) this.#rooms.recallTopic(room);
        this.#rooms.dropIfDeserted(room);
      } catch (error) {
        log("room").error("Cannot deliver events of #{room}: {error}", { room: name, error });
      }
    }
  }

  /**
   * Splits a batch by room, keeping the order within each. Large rooms come last, so that a few
   * people need not wait until a crowd has been told.
   */
  #byRoom(events: readonly RoomEvent[]): [string, readonly RoomEvent[]][] {
    const first = events[0]?.room;
    if (events.every(({ room }) => room === first)) {
      return first === undefined ? [] : [[first, events]];
    }
    const runs: [string, readonly RoomEvent[]][] = [];
    const crowded: { readonly size: number; readonly run: (typeof runs)[number] }[] = [];
    for (const run of Map.groupBy(events, ({ room }) => room)) {
      const size = this.find(run[0])?.members.size ?? 0;
      if (size > CROWD) crowded.push({ size, run });
      else runs.push(run);
    }
    return [...runs, ...crowded.sort((a, b) => a.size - b.size).map(({ run }) => run)];
  }

  /**
   * Opens a room for a committed join of somebody who has already left it, or moved on, at this
   * node: the other nodes count them as a member until the leave is committed, so anyone who joins
   * in between is not the first.
   */
  #openFor(name: string, run: readonly RoomEvent[]): Room | undefined {
    const isEntered = this.#isShared && run.some(({ kind }) => kind === "join");
    return isEntered ? this.#rooms.ensure(name) : undefined;
  }

  #tellActs(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (event.kind !== "moderation") continue;
      for (const listener of this.#actListeners) listener(event);
    }
  }

  /** Notes who of all nodes comes into an empty room, and when nobody is left, in the order of all. */
  #noteAttendance({ name, present, members }: Room, run: readonly RoomEvent[]): void {
    let size = present.size;
    const changed = new Map<number, boolean>();
    for (const { kind, origin } of run) {
      if (origin === undefined || (kind !== "join" && kind !== "part")) continue;
      const isHere = kind === "join";
      const wasHere = changed.get(origin) ?? present.has(origin);
      changed.set(origin, isHere);
      if (isHere === wasHere) continue;
      if (!isHere) {
        if (--size === 0) this.#access.empty(name);
      } else if (size++ === 0) {
        const first = [...members].find((member) => member.origin === origin);
        if (first) this.#access.enter(name, first, true);
      }
    }
  }

  #refuse(drafts: readonly Draft[], reason: Error): void {
    this.tally.refused += drafts.length;
    this.#posts.refuse(drafts, reason);
    for (const draft of drafts) {
      const loss = lossOf(draft);
      if (loss) this.#losses.add(loss);
      const room = this.find(draft.room);
      room?.noteOutcome(draft);
      if (room) this.#rooms.dropIfDeserted(room);
    }
    this.#authors.refused(drafts, reason);
  }
}

function notInRoom(room: string): DomainError {
  return new DomainError("not-in-room", `You are not in #${room}. Join it with /join ${room}.`);
}
