/**
 * Reads rooms' pasts in the threads of a pool.
 *
 * @module
 */

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
} from "../../../domain/history/room_history.ts";
import type { MessageLog, RoomRecord } from "../../../domain/message_log.ts";
import type { ShownPin } from "../../../domain/acts/pins.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import type { SearchQuery } from "../../../domain/search/search_query.ts";
import type { ReaderPool } from "./reader_pool.ts";

/** For requests that take tens of milliseconds on a busy server. */
const BULK = { isBulk: true };

export class PooledHistory implements RoomHistory {
  readonly #pool: ReaderPool;
  readonly #log: Pick<MessageLog, "roomEnd"> | undefined;

  /**
   * @param log The writing side, which knows at once that a new room has no past; a thread takes a
   * hundred times as long. @default {the threads are asked}
   */
  constructor(pool: ReaderPool, log?: Pick<MessageLog, "roomEnd">) {
    this.#pool = pool;
    this.#log = log;
  }

  async room(name: string): Promise<RoomRecord | undefined> {
    return await this.#isNew(name) ? undefined : await this.#pool.run("room", [name]);
  }

  rooms(limit: number): Promise<RoomRecord[]> {
    return this.#pool.run("rooms", [limit]);
  }

  directRooms(account: string, limit: number): Promise<RoomRecord[]> {
    return this.#pool.run("directRooms", [account, limit]);
  }

  read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    return this.#pool.run("read", [room, after, limit]);
  }

  pins(room: string): Promise<ShownPin[]> {
    return this.#pool.run("pins", [room]);
  }

  talk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<Stretch> {
    return this.#pool.run("talk", [room, range, limit, end]);
  }

  countTalk(room: string, range: SeqRange, limit: number, end: RangeEnd): Promise<TalkCount> {
    return this.#pool.run("countTalk", [room, range, limit, end]);
  }

  matches(
    room: string,
    range: SeqRange,
    query: SearchQuery,
    limit: number,
    end: RangeEnd,
  ): Promise<Matches> {
    return this.#pool.run("matches", [room, range, query, limit, end], BULK);
  }

  countByTime(room: string, range: SeqRange, time: TimeParts): Promise<PartCounts> {
    return this.#pool.run("countByTime", [room, range, time], BULK);
  }

  countLevels(room: string, range: SeqRange, time: TimeParts): Promise<PartLevels> {
    return this.#pool.run("countLevels", [room, range, time], BULK);
  }

  findTime(room: string, at: number): Promise<number> {
    return this.#pool.run("findTime", [room, at]);
  }

  encode(room: string, range: SeqRange, form: string): Promise<EncodedEvents> {
    return this.#pool.run("encode", [room, range, form], BULK);
  }

  async #isNew(room: string): Promise<boolean> {
    // If the log cannot be read, a thread says why.
    return this.#log !== undefined &&
      await this.#log.roomEnd(room).then((end) => end === undefined, () => false);
  }
}
