/**
 * Delivers events once they are on disk: to the rooms, the conversations, and those who submitted
 * them. What could not be stored goes to its authors only.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { AccessControl } from "../access/access_control.ts";
import { Authors } from "../author.ts";
import { isDirectRoom } from "../direct_room.ts";
import { EventTally } from "../event_tally.ts";
import { LossBook, lossOf, toGap } from "../loss.ts";
import { redactionsAmong } from "../redaction.ts";
import type { Draft, RoomEvent } from "../room_event.ts";
import type { SequencerListener } from "../sequencer.ts";
import { DirectDelivery } from "./direct_delivery.ts";
import type { OpenRooms } from "./open_rooms.ts";
import { Posts } from "./posts.ts";
import type { Room } from "./room.ts";
import type { RoomMoves } from "./room_moves.ts";

/** Members of the largest room that is not delivered to after the others. */
const CROWD = 50;

export interface EventDeliveryOptions {
  readonly rooms: OpenRooms;
  readonly moves: RoomMoves;
  readonly access: AccessControl;
  /** As in `RoomRegistryOptions`. */
  readonly isShared: boolean;
  /** Takes gaps for what could not be stored before. */
  submit(draft: Draft): void;
}

export class EventDelivery implements SequencerListener {
  /** What has been published, and what could not be. */
  readonly tally = new EventTally();
  /** Who learns the outcome of drafts: by session, and by post. */
  readonly authors = new Authors();
  readonly posts = new Posts();
  /** Delivers what is said in rooms of two. */
  readonly direct: DirectDelivery;
  readonly #options: EventDeliveryOptions;
  readonly #losses = new LossBook();
  readonly #actListeners = new Set<(act: RoomEvent) => void>();

  constructor(options: EventDeliveryOptions) {
    this.#options = options;
    this.direct = new DirectDelivery(options.access);
  }

  /** Calls `listener` with acts of moderation in shared rooms, as soon as they are on record. */
  followActs(listener: (act: RoomEvent) => void): void {
    this.#actListeners.add(listener);
  }

  /** Part of {@linkcode SequencerListener}. */
  committed(events: readonly RoomEvent[]): void {
    const { moves, isShared } = this.#options;
    this.tally.add(events);
    this.posts.settle(events);
    for (const part of moves.split(events)) {
      moves.prepare(part);
      this.#fanOut(part);
    }
    this.authors.committed(events);
    if (isShared) this.#tellActs(events);
    // Gaps that could not be stored before can be stored now.
    for (const loss of this.#losses.take()) this.#options.submit(toGap(loss));
  }

  /** Part of {@linkcode SequencerListener}. */
  refused(drafts: readonly Draft[], reason: Error): void {
    const { rooms } = this.#options;
    this.tally.refused += drafts.length;
    this.posts.refuse(drafts, reason);
    for (const draft of drafts) {
      const loss = lossOf(draft);
      if (loss) this.#losses.add(loss);
      const room = rooms.find(draft.room);
      room?.noteOutcome(draft);
      if (room) rooms.dropIfDeserted(room);
    }
    this.authors.refused(drafts, reason);
  }

  #fanOut(events: readonly RoomEvent[]): void {
    const { rooms, moves, isShared } = this.#options;
    for (const [name, run] of this.#byRoom(events)) {
      if (isDirectRoom(name)) this.direct.deliver(name, run);
      moves.settle(name, run);
      const room = rooms.find(name) ?? this.#openFor(name, run);
      if (!room) continue;
      if (isShared) this.#noteAttendance(room, run);
      try {
        room.fanOut(run);
        if (redactionsAmong(run).length > 0) rooms.recallTopic(room);
        rooms.dropIfDeserted(room);
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
      const size = this.#options.rooms.find(run[0])?.members.size ?? 0;
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
    const { rooms, isShared } = this.#options;
    const isEntered = isShared && run.some(({ kind }) => kind === "join");
    return isEntered ? rooms.ensure(name) : undefined;
  }

  /** Notes who of all nodes comes into an empty room, and when nobody is left, in the order of all. */
  #noteAttendance({ name, present, members }: Room, run: readonly RoomEvent[]): void {
    const { access } = this.#options;
    let size = present.size;
    const changed = new Map<number, boolean>();
    for (const { kind, origin } of run) {
      if (origin === undefined || (kind !== "join" && kind !== "part")) continue;
      const isHere = kind === "join";
      const wasHere = changed.get(origin) ?? present.has(origin);
      changed.set(origin, isHere);
      if (isHere === wasHere) continue;
      if (!isHere) {
        if (--size === 0) access.empty(name);
      } else if (size++ === 0) {
        const first = [...members].find((member) => member.origin === origin);
        if (first) access.enter(name, first, true);
      }
    }
  }

  #tellActs(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (event.kind !== "moderation") continue;
      for (const listener of this.#actListeners) listener(event);
    }
  }
}
