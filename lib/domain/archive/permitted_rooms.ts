/**
 * The rooms as one asker may see them. Every door reads through one of these, so that nothing is
 * read without a question.
 *
 * @module
 */

import type { AccessControl } from "../access/access_control.ts";
import type { ShownPin } from "../acts/pins.ts";
import type { Asker } from "../asker.ts";
import { parsePlaceName, roomLabel } from "../direct_room.ts";
import type { DomainError } from "../domain_error.ts";
import { FeedTally } from "../feeds/feed_tally.ts";
import type {
  EncodedEvents,
  Matches,
  PartCounts,
  PartLevels,
  RangeEnd,
  RoomHistory,
  SeqRange,
  Stretch,
  TalkCount,
  TimeParts,
} from "../history/room_history.ts";
import type { RoomRecord } from "../message_log.ts";
import type { RoomEvent } from "../room_event.ts";
import type { Room } from "../rooms/room.ts";
import type { RoomRegistry } from "../rooms/room_registry.ts";
import type { SearchResult, SearchService, UnscopedSearch } from "../search/search.ts";
import type { SearchQuery } from "../search/search_query.ts";

export interface ArchiveOptions {
  readonly registry: RoomRegistry;
  readonly log: RoomHistory;
  /** Absent if nothing can be searched. */
  readonly search?: SearchService;
  readonly access: AccessControl;
}

interface SharedOptions extends ArchiveOptions {
  readonly feeds: FeedTally;
}

/** All rooms and their pasts. They can only be read on behalf of somebody. */
export class Archive {
  /** What everybody who reads on does. */
  readonly feeds = new FeedTally();
  readonly #options: SharedOptions;

  constructor(options: ArchiveOptions) {
    this.#options = { ...options, feeds: this.feeds };
  }

  /**
   * The rooms as somebody may see them, now and after the rules have changed.
   *
   * @param isMember Whether they are in a room.
   */
  for(asker: Asker, isMember: (room: string) => boolean = () => false): PermittedRooms {
    return new PermittedRooms(this.#options, asker, isMember);
  }

  /** Whether the log can be read. @throws {Error} if not. */
  async check(): Promise<void> {
    await this.#options.log.rooms(1);
  }
}

/** What may not be read looks like what does not exist. */
export class PermittedRooms implements RoomHistory {
  readonly #options: SharedOptions;
  readonly #asker: Asker;
  readonly #isMember: (room: string) => boolean;

  constructor(options: SharedOptions, asker: Asker, isMember: (room: string) => boolean) {
    this.#options = options;
    this.#asker = asker;
    const { access } = options;
    // Members of a room may also read the history under its former names.
    this.#isMember = (room) => isMember(access.currentName(room));
  }

  /** Counts what feeds from these rooms do. */
  get feeds(): FeedTally {
    return this.#options.feeds;
  }

  /** Searches the rooms that may be read; absent if nothing can be searched. */
  get search(): ((request: UnscopedSearch) => Promise<SearchResult>) | undefined {
    const { search } = this.#options;
    return search && ((request) => this.#search(search, request));
  }

  /** The name of the room that the asker means; see {@linkcode parsePlaceName}. */
  parseName(text: string): string {
    return parsePlaceName(text, this.#asker);
  }

  /** The current name of a room that the asker may know of; any other name is returned unchanged. */
  currentName(room: string): string {
    const current = this.#options.access.currentName(room);
    return current === room || this.#may("see", current) || this.#may("read", current)
      ? current
      : room;
  }

  /** A room as the asker is shown it. */
  label(room: string): string {
    return roomLabel(room, this.#asker.account);
  }

  /** Rooms that somebody is in, or reads, and that may be listed. */
  get open(): Room[] {
    return [...this.#options.registry.open].filter(({ name }) => this.#may("see", name));
  }

  /** The open room of that name or former name, compared without case, if it may be listed. */
  findListed(name: string): Room | undefined {
    const { access, registry } = this.#options;
    const room = registry.find(access.currentName(name));
    return room && this.#may("see", room.name) ? room : undefined;
  }

  /** The open room of that name, compared without case. */
  find(name: string): Room | undefined {
    const room = this.#options.registry.find(name);
    return room && this.#may("read", room.name) ? room : undefined;
  }

  async room(name: string): Promise<RoomRecord | undefined> {
    return this.#may("read", name) ? await this.#options.log.room(name) : undefined;
  }

  async rooms(limit: number): Promise<RoomRecord[]> {
    const { log, access } = this.#options;
    const { onlyRooms } = this.#asker;
    if (onlyRooms) {
      const records = await Promise.all([...onlyRooms].map((name) => log.room(name)));
      return records.filter((room) => room !== undefined && this.#may("see", room.name))
        .slice(0, limit) as RoomRecord[];
    }
    const hidden = access.hiddenFrom(this.#asker, this.#isMember);
    const rooms = await log.rooms(limit + hidden.length);
    return rooms.filter(({ name }) => this.#may("see", name)).slice(0, limit);
  }

  /** The conversations of the asker, who alone may ask for them. */
  async directRooms(account: string, limit: number): Promise<RoomRecord[]> {
    const { access, log } = this.#options;
    if (account !== this.#asker.account || access.admission(this.#asker)) return [];
    const rooms = await log.directRooms(account, limit);
    return rooms.filter(({ name }) => this.#may("read", name));
  }

  async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    return this.#may("read", room) ? await this.#options.log.read(room, after, limit) : [];
  }

  pins(room: string): Promise<ShownPin[]> {
    this.#require(room);
    return this.#options.log.pins(room);
  }

  talk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<Stretch> {
    this.#require(room);
    return this.#options.log.talk(room, range, limit, end);
  }

  countTalk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<TalkCount> {
    this.#require(room);
    return this.#options.log.countTalk(room, range, limit, end);
  }

  matches(
    room: string,
    range: SeqRange,
    query: SearchQuery,
    limit: number,
    end: RangeEnd,
  ): Promise<Matches> {
    this.#require(room);
    return this.#options.log.matches(room, range, query, limit, end);
  }

  countByTime(room: string, range: SeqRange, time: TimeParts): Promise<PartCounts> {
    this.#require(room);
    return this.#options.log.countByTime(room, range, time);
  }

  countLevels(room: string, range: SeqRange, time: TimeParts): Promise<PartLevels> {
    this.#require(room);
    return this.#options.log.countLevels(room, range, time);
  }

  findTime(room: string, at: number): Promise<number> {
    this.#require(room);
    return this.#options.log.findTime(room, at);
  }

  encode(room: string, range: SeqRange, form: string): Promise<EncodedEvents> {
    this.#require(room);
    return this.#options.log.encode(room, range, form);
  }

  async #search(search: SearchService, request: UnscopedSearch): Promise<SearchResult> {
    const { access } = this.#options;
    const refusal = access.admission(this.#asker);
    if (refusal) throw refusal;
    const { account, onlyRooms } = this.#asker;
    const hidden = new Set(access.unreadableBy(this.#asker, this.#isMember));
    const unlisted = access.hiddenFrom(this.#asker, this.#isMember)
      .filter((key) => !hidden.has(key));
    return await search.search({
      ...request,
      scope: {
        account,
        hidden: [...hidden],
        only: onlyRooms && [...onlyRooms],
        ...(unlisted.length > 0 ? { unlisted } : {}),
      },
    });
  }

  #may(act: "see" | "read", room: string): boolean {
    return this.#refusal(act, room) === undefined;
  }

  /** @throws {DomainError} if the room may not be read. */
  #require(room: string): void {
    const refusal = this.#refusal("read", room);
    if (refusal) throw refusal;
  }

  #refusal(act: "see" | "read", room: string): DomainError | undefined {
    const isMember = this.#isMember(room);
    return this.#options.access.refusal(this.#asker, room, act, { isMember });
  }
}
