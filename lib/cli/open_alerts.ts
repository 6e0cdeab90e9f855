/**
 * The wiring of the alerts.
 *
 * @module
 */

import { AlertDesk } from "../alert/alert_desk.ts";
import type { AlertRule } from "../alert/alert_rule.ts";
import { ALERT_VIA } from "../alert/alert_text.ts";
import { AlertWatch, forgetAlerts } from "../alert/alert_watch.ts";
import type { Clock } from "../clock.ts";
import type { Sequencer } from "../domain/sequencer.ts";
import type { StateStore } from "../domain/state_store.ts";
import { PooledLogWatch } from "../store/sqlite/reading/pooled_log_watch.ts";
import type { ReaderPool } from "../store/sqlite/reading/reader_pool.ts";

export interface AlertParts {
  readonly pool: ReaderPool;
  readonly sequencer: Sequencer;
  readonly state: StateStore;
  readonly clock: Clock;
}

/** Starts watching the log for the alerts, if there are any. */
export async function openAlerts(
  rules: readonly AlertRule[],
  { pool, sequencer, state, clock }: AlertParts,
): Promise<AsyncDisposable | undefined> {
  if (rules.length === 0) {
    await forgetAlerts(state);
    return undefined;
  }
  const queries = rules.map(({ query }) => query);
  const watch = new PooledLogWatch(pool, { queries, ignoredVia: ALERT_VIA, now: clock.now() });
  const desk = new AlertDesk({ rules, sequencer, clock });
  return new AlertWatch({ watch, desk, state, clock });
}
