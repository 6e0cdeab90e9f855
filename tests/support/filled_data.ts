/** Fills a data directory with past events, as if a server had stored them. */

import { EventNumbering } from "../../lib/backplane/event_numbering.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteMessageLog } from "../../lib/store/sqlite/message_log.ts";
import { FakeClock } from "./fake_clock.ts";

/** A draft with its time, in milliseconds since 1970. */
export type PastDraft = Draft & { readonly at: number };

/** Events in one transaction. */
const BATCH = 1000;

/** Creates a data directory with these events, which must be in the order of time. */
export async function fillData(data: string, drafts: Iterable<PastDraft>): Promise<void> {
  let now = 0;
  const clock = new class extends FakeClock {
    override now(): number {
      return now;
    }
  }();
  const log = new SqliteMessageLog(openDatabase(`${data}/partyline.db`, "normal"));
  const numbering = new EventNumbering(log, clock);
  try {
    let batch: RoomEvent[] = [];
    for (const { at, ...draft } of drafts) {
      now = at;
      batch.push(...await numbering.number([draft]));
      if (batch.length < BATCH) continue;
      await log.store(batch);
      batch = [];
    }
    await log.store(batch);
  } finally {
    await log.close();
  }
}
