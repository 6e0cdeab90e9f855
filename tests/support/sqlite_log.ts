// deno-lint-ignore-file require-await -- what fails must reject
/** A log in SQLite that numbers what it stores, and reads it on the same connection. */

import type { DatabaseSync } from "node:sqlite";
import { EventNumbering } from "../../lib/backplane/event_numbering.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { type MessageLogOptions, SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { HistoryQueries } from "../../lib/store/sqlite/reading/history_queries.ts";
import { EVENT_FORMS } from "../../lib/web/api/event_forms.ts";
import type { AppendableLog } from "./trial_log.ts";

export class SqliteTrialLog extends SqliteMessageLog implements AppendableLog {
  readonly #clock: Clock | undefined;
  readonly #database: DatabaseSync;
  readonly #history: HistoryQueries;

  constructor(database: DatabaseSync, options: MessageLogOptions & { clock?: Clock } = {}) {
    super(database, options);
    this.#clock = options.clock;
    this.#database = database;
    this.#history = new HistoryQueries(database, EVENT_FORMS);
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

  async room(...args: Parameters<HistoryQueries["room"]>) {
    return this.#history.room(...args);
  }

  async rooms(...args: Parameters<HistoryQueries["rooms"]>) {
    return this.#history.rooms(...args);
  }

  async directRooms(...args: Parameters<HistoryQueries["directRooms"]>) {
    return this.#history.directRooms(...args);
  }

  async read(...args: Parameters<HistoryQueries["read"]>) {
    return this.#history.read(...args);
  }

  async pins(...args: Parameters<HistoryQueries["pins"]>) {
    return this.#history.pins(...args);
  }

  async talk(...args: Parameters<HistoryQueries["talk"]>) {
    return this.#history.talk(...args);
  }

  async countTalk(...args: Parameters<HistoryQueries["countTalk"]>) {
    return this.#history.countTalk(...args);
  }

  async matches(...args: Parameters<HistoryQueries["matches"]>) {
    return this.#history.matches(...args);
  }

  async countLevels(...args: Parameters<HistoryQueries["countLevels"]>) {
    return this.#history.countLevels(...args);
  }

  async countByTime(...args: Parameters<HistoryQueries["countByTime"]>) {
    return this.#history.countByTime(...args);
  }

  async findTime(...args: Parameters<HistoryQueries["findTime"]>) {
    return this.#history.findTime(...args);
  }

  async encode(...args: Parameters<HistoryQueries["encode"]>) {
    return this.#history.encode(...args);
  }
}
