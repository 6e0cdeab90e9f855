/** A log in SQLite that numbers what it stores, and reads it on the same connection. */

import type { DatabaseSync } from "node:sqlite";
import { EventNumbering } from "../../lib/backplane/event_numbering.ts";
import type { Clock } from "../../lib/clock.ts";
import type { RoomHistory } from "../../lib/domain/message_log.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { type MessageLogOptions, SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { SqliteRoomHistory } from "../../lib/store/sqlite/room_history.ts";
import type { AppendableLog } from "./trial_log.ts";

export class SqliteTrialLog extends SqliteMessageLog implements AppendableLog {
  readonly #clock: Clock | undefined;
  readonly #database: DatabaseSync;
  readonly #history: RoomHistory;

  constructor(database: DatabaseSync, options: MessageLogOptions & { clock?: Clock } = {}) {
    super(database, options);
    this.#clock = options.clock;
    this.#database = database;
    this.#history = new SqliteRoomHistory(database);
  }

  /** Whether appending fails, as on a full disk. */
  set isFull(isFull: boolean) {
    this.#database.exec(
      isFull
        ? `CREATE TEMP TRIGGER full BEFORE INSERT ON run
            BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`
        : "DROP TRIGGER full",
    );
  }

  async append(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const events = await new EventNumbering(this, this.#clock).number(drafts);
    await this.store(events);
    return events;
  }

  read(room: string, after: number, limit: number) {
    return this.#history.read(room, after, limit);
  }

  room(name: string) {
    return this.#history.room(name);
  }

  rooms(limit: number) {
    return this.#history.rooms(limit);
  }
}
