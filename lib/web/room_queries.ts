/**
 * Queries about rooms, shared by WebSocket and HTTP.
 *
 * @module
 */

import { missing } from "../domain/access/refusal.ts";
import type { PermittedRooms } from "../domain/archive/permitted_rooms.ts";
import { isDirectRoom } from "../domain/direct_room.ts";
import { DomainError } from "../domain/domain_error.ts";
import { toEventJson } from "../domain/event_json.ts";
import { readMatches } from "../domain/history/read_matches.ts";
import { countUnread, type HistoryPlace, readStretch } from "../domain/history/read_talk.ts";
import { movedTo, type RoomEvent, tellsOfMove } from "../domain/room_event.ts";
import { parseLogQuery } from "../domain/search/log_query.ts";
import type { SearchResult, UnscopedSearch } from "../domain/search/search.ts";
import { withUnkeptAsGaps } from "../domain/unlogged.ts";
import type { RoomDigests } from "../service/chat/digest/room_digest.ts";
import { fitIntoAnswer } from "./answer_limit.ts";
import { answerCounts, readCountQuery } from "./count_query.ts";
import { EVENT_NUMBERS, FieldError, type Fields } from "./fields.ts";
import type { HistoryAnswer, PinsAnswer, RoomJson, SearchAnswer } from "./protocol.ts";

/** Most rooms in a list. */
const MOST_ROOMS = 200;
/** `unread` looks at this many events. */
const MOST_UNREAD = 1000;
/** Most renames that are followed for a client that was away. */
const MOST_MOVES = 20;
/** Most events in which it is looked for: those that were under way come after it. */
const MOST_SINCE_MOVE = 20;

export interface RoomQueriesOptions {
  readonly sees: PermittedRooms;
  readonly digests: RoomDigests;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A room, open or only in the log. */
export interface KnownRoom {
  readonly name: string;
  readonly topic: string;
  /** `seq` of the last event. */
  readonly lastSeq: number;
  /** `seq` of the last event in the room's digest, which holds log lines back for a moment. */
  readonly toldSeq: number;
}

/** How many messages are unread, of those up to event `lastSeq`. */
export interface UnreadCount {
  readonly count: number;
  readonly lastSeq: number;
}

export class RoomQueries {
  readonly #options: RoomQueriesOptions;

  constructor(options: RoomQueriesOptions) {
    this.#options = options;
  }

  /** Finds a room by name. @throws {DomainError} `bad-name`, `no-such-room`. */
  async find(text: string): Promise<KnownRoom> {
    const name = this.#options.sees.parseName(text);
    const known = this.#findOpen(name);
    if (known) return known;
    const record = await this.#options.sees.room(name);
    // It may have been opened meanwhile, and have later events.
    const opened = this.#findOpen(name);
    if (opened) return opened;
    if (record) return { ...record, toldSeq: record.lastSeq };
    if (isDirectRoom(name)) throw missing(this.#options.sees.label(name));
    throw new DomainError(
      "no-such-room",
      `There is no room #${name}. Nobody has entered it yet, or the name is misspelt.`,
    );
  }

  /** The same, by a former name, too. */
  async findCalled(text: string): Promise<KnownRoom> {
    const { sees } = this.#options;
    return await this.find(sees.currentName(sees.parseName(text)));
  }

  /**
   * The room to which everybody moved after event `after`, unless somebody has entered the old room
   * since; the name itself if nobody moved.
   */
  async wentOn(name: string, after: number): Promise<string> {
    const { sees } = this.#options;
    for (let moves = 0; moves < MOST_MOVES; moves++) {
      const isEmpty = !sees.find(name)?.members.size;
      const record = isEmpty ? await sees.room(name) : undefined;
      if (!record || record.lastSeq <= after) return name;
      const start = Math.max(after, record.lastSeq - MOST_SINCE_MOVE);
      const events = await sees.read(record.name, start, MOST_SINCE_MOVE);
      const last = events.findLast((event) => tellsOfMove(event) || event.kind === "join");
      const to = last && movedTo(last);
      if (to === undefined) return name;
      name = sees.currentName(to);
      after = 0;
    }
    return name;
  }

  /** What a room is called now, if it has been renamed. */
  renamed(name: string): { readonly renamedTo?: string } {
    const renamedTo = this.#options.sees.currentName(name);
    return renamedTo === name ? {} : { renamedTo };
  }

  /** Lists rooms: the busiest first, then empty ones by their last event. */
  async list(): Promise<RoomJson[]> {
    const { sees } = this.#options;
    const open = sees.open.filter(({ members }) => members.size > 0)
      .sort((a, b) => b.members.size - a.members.size)
      .map(({ name, topic, lastSeq, members }) => ({
        room: name,
        topic,
        lastSeq,
        count: members.size,
      }));
    const names = new Set(open.map(({ room }) => room));
    const past = (await sees.rooms(MOST_ROOMS))
      .filter(({ name }) => !names.has(name))
      .map(({ name, topic, lastSeq }) => ({
        room: name,
        topic,
        lastSeq,
        count: 0,
        ...this.renamed(name),
      }));
    return [...open, ...past].slice(0, MOST_ROOMS);
  }

  /**
   * Reads messages around the place that the fields name, or those that their query finds.
   *
   * @param options.isMember Whether the reader is in the room, and so must not see events here
   * before the room's digest has sent them.
   * @throws {FieldError} and as {@linkcode find}.
   */
  async history(
    text: string,
    fields: Fields,
    { isMember = false }: { readonly isMember?: boolean } = {},
  ): Promise<Omit<HistoryAnswer, "type" | "ref">> {
    const place: HistoryPlace = {
      after: fields.optionalNumber("after", EVENT_NUMBERS),
      before: fields.optionalNumber("before", EVENT_NUMBERS),
      around: fields.optionalNumber("around", EVENT_NUMBERS),
    };
    if (Object.values(place).filter((number) => number !== undefined).length > 1) {
      throw new FieldError('Only one of "after", "before" and "around" can be given.');
    }
    const limit = fields.optionalNumber("limit", { min: 1, max: 200 }) ?? 50;
    const { sees, now } = this.#options;
    const query = parseLogQuery(fields.optionalText("query") ?? "", now());
    const known = await this.find(text);
    const { name } = known;
    const lastSeq = isMember ? known.toldSeq : known.lastSeq;
    const stretch = query
      ? await readMatches({ history: sees, room: name, query, limit }, lastSeq, place)
      : await readStretch(sees, name, lastSeq, place, limit);
    const { after, before, events } = fitIntoAnswer(stretch, place);
    const told = withUnkeptAsGaps(events, place.around);
    return { room: name, after, before, lastSeq, events: told.map(toEventJson) };
  }

  /** Reads one event. @throws {DomainError} `no-such-event`, and as {@linkcode find}. */
  async event(text: string, seq: number): Promise<RoomEvent> {
    const [event] = await this.#options.sees.read(this.#options.sees.parseName(text), seq - 1, 1);
    if (event?.seq === seq) return event;
    const { name } = await this.find(text);
    const label = this.#options.sees.label(name);
    // A later event exists, so this one has been swept.
    const isGone = event !== undefined && seq > 0;
    const what = isGone ? `#${seq} of ${label} is no longer kept.` : `${label} has no #${seq}.`;
    throw new DomainError("no-such-event", what);
  }

  /** The pinned events of a room. @throws {DomainError} As {@linkcode find}. */
  async pins(text: string): Promise<Omit<PinsAnswer, "type" | "ref">> {
    const { name } = await this.find(text);
    const pins = await this.#options.sees.pins(name);
    return {
      room: name,
      pins: pins.map(({ seq, by, at, event }) => ({
        seq,
        by,
        at: new Date(at).toISOString(),
        ...(event && { event: toEventJson(event) }),
      })),
    };
  }

  /**
   * Counts the messages among the events after `read`, up to a limit.
   *
   * @returns Their number, and that of the last event at the time.
   */
  async unread(text: string, read: number): Promise<UnreadCount> {
    const { sees: log } = this.#options;
    const record = await log.room(log.parseName(text));
    if (!record || record.lastSeq <= read) return { count: 0, lastSeq: record?.lastSeq ?? 0 };
    const { name, lastSeq } = record;
    const range = { after: read, most: MOST_UNREAD };
    return { count: await countUnread(log, name, lastSeq, range), lastSeq };
  }

  /**
   * Counts events over time, between the times that the fields name, perhaps by level.
   *
   * @throws {FieldError} and as {@linkcode find}.
   */
  async counts(text: string, fields: Fields) {
    const query = readCountQuery(fields);
    return await answerCounts(this.#options.sees, await this.find(text), query);
  }

  /** Searches the log. @throws {DomainError} `bad-query`, `unavailable`. */
  async search(query: string, fields: Fields): Promise<Omit<SearchAnswer, "type" | "ref">> {
    const { search } = this.#options.sees;
    const room = fields.optionalText("room");
    const request: UnscopedSearch = {
      query,
      room: room === undefined ? undefined : this.#options.sees.parseName(room),
      before: fields.optionalNumber("before", EVENT_NUMBERS),
      limit: fields.optionalNumber("limit", { min: 1, max: 100 }) ?? 20,
      context: fields.optionalNumber("context", { min: 0, max: 5 }) ?? 0,
    };
    if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
    return toAnswer(await search(request));
  }

  #findOpen(name: string): KnownRoom | undefined {
    const { sees, digests } = this.#options;
    const open = sees.find(name);
    if (!open || open.lastSeq === 0) return undefined;
    const { topic, lastSeq } = open;
    return { name: open.name, topic, lastSeq, toldSeq: digests.find(open)?.lastSeq ?? lastSeq };
  }
}

function toAnswer({ hits, next, note }: SearchResult): Omit<SearchAnswer, "type" | "ref"> {
  return {
    hits: hits.map(({ event, snippet, before, after }) => ({
      event: toEventJson(event),
      snippet,
      before: before.map(toEventJson),
      after: after.map(toEventJson),
    })),
    next,
    note,
  };
}
