/**
 * Moves everybody in a room to another one at once: the members before the move event are members
 * of the other room after it. Their readers follow later; until then, what they do in the old room
 * applies to the new one.
 *
 * @module
 */

import type { AccessControl } from "../access/access_control.ts";
import { nameKey } from "../name.ts";
import { type Cause, type Draft, movedTo, type RoomEvent } from "../room_event.ts";
import type { LivelyRooms } from "./lively_rooms.ts";
import type { OpenRooms } from "./open_rooms.ts";
import type { Room, RoomMove } from "./room.ts";
import type { Member, RoomStream } from "./room_stream.ts";

/** Moves kept for each room, so that readers who are far behind can still follow. */
const MOST_KEPT = 20;

export interface RoomMovesOptions {
  readonly rooms: OpenRooms;
  readonly access: AccessControl;
  readonly lively: LivelyRooms;
  submit(draft: Draft): void;
}

export class RoomMoves {
  readonly #options: RoomMovesOptions;
  /** Origins of members moved before their join was committed, by key of the room. */
  readonly #early = new Map<string, Set<number>>();
  /** The cause of each member's latest nickname change. */
  readonly #nickCauses = new WeakMap<Member, Cause>();

  constructor(options: RoomMovesOptions) {
    this.#options = options;
  }

  /**
   * The room that a member is in, given the room as the member knows it: perhaps before a rename.
   */
  placeOf(member: Member, stream: RoomStream): RoomStream {
    if (stream.members.has(member)) return stream;
    let room = this.#options.rooms.find(stream.name);
    for (let hops = 0; room && hops < MOST_KEPT; hops++) {
      const here: Room = room;
      room = room.moves.findLast(({ to }) => to !== here)?.to;
      if (room?.members.has(member)) return room;
    }
    return stream;
  }

  /**
   * Splits events at moves, so that each move is in a part of its own together with what its act
   * says in the other room, and what follows that there. Batches are grouped by room, so what others
   * did may be in between; the order within each room stays.
   */
  split(events: readonly RoomEvent[]): readonly (readonly RoomEvent[])[] {
    const at = events.findIndex((event) => movedTo(event) !== undefined);
    if (at === -1) return [events];
    const { origin } = events[at];
    const key = nameKey(movedTo(events[at])!);
    const isThere = ({ room }: RoomEvent) => nameKey(room) === key;
    const first = events.findIndex((event) => event.origin === origin && isThere(event));
    const belongs = (event: RoomEvent, index: number) =>
      index >= at || (index >= first && isThere(event));
    let end = at + 1;
    while (end < events.length && events[end].origin === origin) end++;
    const until = events.slice(0, end);
    return [
      until.filter((event, index) => !belongs(event, index)),
      until.filter(belongs),
      ...this.split(events.slice(end)),
    ].filter(({ length }) => length > 0);
  }

  /** Moves people. Called before the move events are delivered. */
  prepare(events: readonly RoomEvent[]): void {
    const event = events.find((event) => movedTo(event) !== undefined);
    if (!event) return;
    const { rooms } = this.#options;
    const from = rooms.find(event.room);
    if (!from) return;
    const to = rooms.ensure(movedTo(event)!);
    const key = nameKey(to.name);
    const last = events.findLast(({ room, origin }) =>
      origin === event.origin && nameKey(room) === key
    );
    const after = last?.seq ?? to.lastSeq;
    // Anyone who joined the other room at the same moment reads it afresh, with everybody in it.
    if (to.hasSubscribers) note(to, { seq: after, to, after });
    const { reason } = event.fields ?? {};
    note(from, {
      seq: event.seq,
      to,
      after,
      isOccupied: to.present.size > 0,
      reason: typeof reason === "string" ? reason : undefined,
    });
    this.#move(from, to);
  }

  /** Notes the cause of a nickname change, so that clients are told of each act once. */
  noteName(member: Member, cause: Cause): void {
    this.#nickCauses.set(member, cause);
  }

  /** Notes that a member is joining a room now, so that their join counts. */
  noteJoin({ origin }: Member, { name }: RoomStream): void {
    if (this.#early.size > 0) this.#early.get(nameKey(name))?.delete(origin);
  }

  /** Makes members whose join was committed after the move leave the old room again. */
  settle(room: string, events: readonly RoomEvent[]): void {
    if (this.#early.size === 0) return;
    const key = nameKey(room);
    const early = this.#early.get(key);
    if (!early) return;
    for (const { kind, origin, from } of events) {
      if (kind === "join" && early.delete(origin!)) this.#part(room, origin!, from);
    }
    if (early.size === 0) this.#early.delete(key);
  }

  #move(from: Room, to: Room): void {
    const { access, lively } = this.#options;
    const key = nameKey(from.name);
    const early = this.#early.get(key) ?? new Set();
    for (const member of from.members) {
      from.members.delete(member);
      to.members.add(member);
      const name = from.present.get(member.origin);
      if (name === undefined) {
        early.add(member.origin);
        this.#submit(member, to, { kind: "join", from: member.nickname, body: "" });
      } else if (name !== member.nickname) {
        to.lateNames.add(member.origin);
        this.#submit(member, to, { kind: "nick", from: name, body: member.nickname });
      }
    }
    if (early.size > 0) this.#early.set(key, early);
    const here = new Set(Array.from(to.members, ({ origin }) => origin));
    for (const [origin, name] of from.present) {
      to.present.set(origin, name);
      // Their leave is committed too late to count.
      if (!here.has(origin)) this.#part(to.name, origin, name);
    }
    from.present.clear();
    access.empty(from.name);
    lively.note(from);
    lively.note(to);
  }

  #submit(
    member: Member,
    { name: room }: Room,
    draft: Pick<Draft, "kind" | "from" | "body">,
  ): void {
    const { via, origin } = member;
    const cause = draft.kind === "nick" ? this.#nickCauses.get(member) : undefined;
    this.#options.submit({ ...draft, room, via, origin, cause });
  }

  #part(room: string, origin: number, from: string): void {
    this.#options.submit({ room, kind: "part", from, body: "", origin });
  }
}

function note(room: Room, move: RoomMove): void {
  room.moves = [...room.moves, move].slice(-MOST_KEPT);
}
