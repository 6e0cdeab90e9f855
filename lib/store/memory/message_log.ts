/**
 * The log in memory, for tests and trials: gone with the process.
 *
 * @module
 */

import {
  changedActs,
  parsePins,
  parseReactions,
  PINS_SERVICE,
  REACTIONS_SERVICE,
  reactionsKey,
} from "../../domain/acts/act_state.ts";
import type { Pin } from "../../domain/acts/pins.ts";
import { isDirectRoom, partnerIn } from "../../domain/direct_room.ts";
import {
  type MessageLog,
  type RoomEnd,
  type RoomRecord,
  type TopicOrigin,
  topicOriginOf,
} from "../../domain/message_log.ts";
import { nameKey } from "../../domain/name.ts";
import { redactedNumber, withRedactions } from "../../domain/redaction.ts";
import {
  countDue,
  type RetentionReason,
  type RoomExtent,
  type SweepableLog,
  type SweepGoal,
} from "../../domain/retention/retention.ts";
import { removedThrough } from "../../domain/retention/retention_gap.ts";
import {
  isArrivalOrDeparture,
  type Reaction,
  respelledTo,
  type RoomEvent,
} from "../../domain/room_event.ts";
import type { DatedSetting, StateSetting } from "../../domain/state_store.ts";
import { DerivedHistory } from "./derived_history.ts";

/** Bytes that an event counts for besides its body. */
const EVENT_OVERHEAD = 64;
/** Events removed in one step. */
const SWEPT_AT_ONCE = 16;
/** Events examined after a first one that is dated in the future. */
const LOOKED_AT_EVENTS = 256;

interface StoredRoom {
  readonly id: number;
  name: string;
  /** Those that were not removed. */
  readonly events: RoomEvent[];
  /** How many were removed. */
  swept: number;
  readonly sweptFor: Set<RetentionReason>;
  /** The last number that a gap covers. */
  told: number;
  topic: string;
  topicOrigin: TopicOrigin | undefined;
  visited: number;
}

export class MemoryMessageLog extends DerivedHistory implements MessageLog, SweepableLog {
  readonly #rooms = new Map<string, StoredRoom>();
  readonly #setState: (setting: StateSetting) => void;
  /** Reactions and pins, by service and key. */
  readonly #acts = new Map<string, string>();
  #lastId = 0;

  /** @param setState Takes the state that events carry. */
  constructor(setState: (setting: StateSetting) => void = () => {}) {
    super();
    this.#setState = setState;
  }

  // deno-lint-ignore require-await -- required by the contract
  async store(
    events: readonly RoomEvent[],
    settings: readonly DatedSetting[] = [],
  ): Promise<void> {
    for (const { state, about: _about, ...event } of this.#unstored(events)) {
      state?.forEach(this.#setState);
      const room = this.#open(event.room);
      room.events.push(event.room === room.name ? event : { ...event, room: room.name });
      if (event.kind === "topic") setTopic(room, event);
      const spelled = respelledTo(event);
      if (spelled !== undefined) respell(room, spelled);
      if (isArrivalOrDeparture(event)) room.visited = event.id;
      if (event.kind === "redaction") redact(room, event);
      this.#noteActs(event);
      room.told = Math.max(room.told, removedThrough(event) ?? 0);
      this.#lastId = event.id;
    }
    settings.forEach(this.#setState);
  }

  async check(): Promise<void> {}

  // deno-lint-ignore require-await
  async lastId(): Promise<number> {
    return this.#lastId;
  }

  // deno-lint-ignore require-await
  async roomEnd(name: string): Promise<RoomEnd | undefined> {
    const room = this.#rooms.get(nameKey(name));
    return room && { name: room.name, lastSeq: lastSeqOf(room) };
  }

  #noteActs(event: RoomEvent): void {
    const read = (service: string, key: string) => this.#acts.get(`${service} ${key}`);
    for (const { service, key, value } of changedActs([event], read)) {
      if (value === null) this.#acts.delete(`${service} ${key}`);
      else this.#acts.set(`${service} ${key}`, value);
    }
  }

  protected override reactionsTo(room: string, seq: number): readonly Reaction[] {
    return parseReactions(this.#acts.get(`${REACTIONS_SERVICE} ${reactionsKey(room, seq)}`));
  }

  protected override pinsOf(room: string): readonly Pin[] {
    return parsePins(this.#acts.get(`${PINS_SERVICE} ${nameKey(room)}`));
  }

  // deno-lint-ignore require-await
  protected override async readStored(
    room: string,
    after: number,
    limit: number,
  ): Promise<RoomEvent[]> {
    const { events, swept } = this.#rooms.get(nameKey(room)) ?? { events: [], swept: 0 };
    const start = Math.max(0, after - swept);
    return events.slice(start, start + limit);
  }

  // deno-lint-ignore require-await
  async room(name: string): Promise<RoomRecord | undefined> {
    const room = this.#rooms.get(nameKey(name));
    return room && toRecord(room);
  }

  // deno-lint-ignore require-await
  async rooms(limit: number): Promise<RoomRecord[]> {
    const rooms = [...this.#rooms.values()].filter(({ name }) => !isDirectRoom(name))
      .sort((a, b) => b.visited - a.visited);
    return rooms.slice(0, limit).map(toRecord);
  }

  // deno-lint-ignore require-await
  async directRooms(account: string, limit: number): Promise<RoomRecord[]> {
    const latest = ({ events }: StoredRoom) => events.at(-1)?.id ?? 0;
    const rooms = [...this.#rooms.values()]
      .filter(({ name }) => partnerIn(name, account) !== undefined)
      .sort((a, b) => latest(b) - latest(a));
    return rooms.slice(0, limit).map(toRecord);
  }

  // deno-lint-ignore require-await
  async extents(after: number, limit: number): Promise<RoomExtent[]> {
    return [...this.#rooms.values()].slice(after, after + limit).map((room) => ({
      id: room.id,
      room: room.name,
      firstAt: room.events.length === 0
        ? undefined
        : Math.min(...room.events.slice(0, LOOKED_AT_EVENTS).map(({ at }) => at)),
      bytes: room.events.reduce((sum, event) => sum + bytesOf(event), 0),
      untold: room.swept > room.told
        ? { first: room.told + 1, last: room.swept, reasons: [...room.sweptFor] }
        : undefined,
    }));
  }

  async sweep(id: number, goal: SweepGoal): Promise<boolean> {
    const [{ room: name, bytes }] = await this.extents(id - 1, 1);
    const room = this.#open(name);
    const isFuture = room.events.length > 0 && room.events[0].at > goal.now;
    const heads = room.events.slice(0, isFuture ? LOOKED_AT_EVENTS : SWEPT_AT_ONCE).map((
      event,
    ) => ({
      at: event.at,
      bytes: bytesOf(event),
      isRetentionGap: removedThrough(event) !== undefined,
    }));
    const { count, reasons } = countDue(heads, bytes, goal);
    if (room.swept === room.told) room.sweptFor.clear();
    for (const reason of count > 0 ? reasons : []) room.sweptFor.add(reason);
    room.events.splice(0, count);
    room.swept += count;
    return count >= SWEPT_AT_ONCE;
  }

  // deno-lint-ignore require-await
  async shrink(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {}

  /** The new events of a batch, after checking that all of it continues the log. */
  #unstored(events: readonly RoomEvent[]): readonly RoomEvent[] {
    const ends = new Map<string, number>();
    let expectedId = Math.min(events[0]?.id ?? 1, this.#lastId + 1);
    for (const { id, room: name, seq, at } of events) {
      const key = nameKey(name);
      const room = this.#rooms.get(key);
      const end = ends.get(key) ?? (room ? lastSeqOf(room) : 0);
      const stored = room?.events[seq - room.swept - 1];
      const isInOrder = id > this.#lastId
        ? seq === end + 1
        : stored
        ? stored.id === id && stored.at === at
        : room !== undefined && seq <= room.swept;
      if (id !== expectedId++ || !isInOrder) {
        throw new RangeError(`Cannot store event ${id} as #${seq} of ${name}: it is out of order`);
      }
      ends.set(key, Math.max(end, seq));
    }
    return events.filter(({ id }) => id > this.#lastId);
  }

  #open(name: string): StoredRoom {
    const key = nameKey(name);
    let room = this.#rooms.get(key);
    if (!room) {
      const id = this.#rooms.size + 1;
      const sweptFor = new Set<RetentionReason>();
      room = {
        id,
        name,
        events: [],
        swept: 0,
        sweptFor,
        told: 0,
        topic: "",
        topicOrigin: undefined,
        visited: 0,
      };
      this.#rooms.set(key, room);
    }
    return room;
  }
}

function redact(room: StoredRoom, redaction: RoomEvent): void {
  const index = (redactedNumber(redaction) ?? 0) - room.swept - 1;
  const event = room.events[index];
  if (!event) return;
  [room.events[index]] = withRedactions([event], [redaction]);
  const isCleared = room.events[index] !== event && event.kind === "topic";
  if (isCleared && room.topic === event.body) setTopic(room, { ...event, body: "" });
}

function respell(room: StoredRoom, name: string): void {
  room.name = name;
  for (const [index, event] of room.events.entries()) room.events[index] = { ...event, room: name };
}

function setTopic(room: StoredRoom, event: RoomEvent): void {
  room.topic = event.body;
  room.topicOrigin = event.body === "" ? undefined : topicOriginOf(event);
}

function bytesOf({ body }: RoomEvent): number {
  return body.length + EVENT_OVERHEAD;
}

function lastSeqOf({ events, swept }: StoredRoom): number {
  return swept + events.length;
}

function toRecord(room: StoredRoom): RoomRecord {
  return {
    name: room.name,
    topic: room.topic,
    firstSeq: room.swept + 1,
    lastSeq: lastSeqOf(room),
    ...(room.topicOrigin && { topicOrigin: room.topicOrigin }),
  };
}
