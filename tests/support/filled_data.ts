/** Fills a data directory with past events, as if a server had stored them. */

import type { Draft } from "../../lib/domain/room_event.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteTrialLog } from "./sqlite_log.ts";
import { FakeClock } from "./fake_clock.ts";

/** A draft with its time, in milliseconds since 1970. */
export type PastDraft = Draft & { readonly at: number };

/** Events in one batch. */
const BATCH = 1000;

/** Creates a data directory with these events, which must be in the order of time. */
export async function fillData(data: string, drafts: Iterable<PastDraft>): Promise<void> {
  let now = 0;
  const clock = new class extends FakeClock {
    override now(): number {
      return now;
    }
  }();
  const log = new SqliteTrialLog(openDatabase(`${data}/partyline.db`, "normal"), { clock });
  try {
    let batch: Draft[] = [];
    for (const { at, ...draft } of drafts) {
      // All events of a batch have the same time.
      if (batch.length > 0 && (at !== now || batch.length === BATCH)) {
        await log.append(batch);
        batch = [];
      }
      now = at;
      batch.push(draft);
    }
    if (batch.length > 0) await log.append(batch);
  } finally {
    await log.close();
  }
}
