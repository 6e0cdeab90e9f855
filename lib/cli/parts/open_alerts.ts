/**
 * The wiring of the alerts.
 *
 * @module
 */

import type { AlertRule } from "../../alert/alert_rule.ts";
import { ALERT_VIA } from "../../alert/alert_text.ts";
import { AlertWatch, forgetAlerts } from "../../alert/alert_watch.ts";
import type { Clock } from "../../clock.ts";
import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Asker } from "../../domain/asker.ts";
import type { Sequencer } from "../../domain/sequencer.ts";
import type { StateStore } from "../../domain/state_store.ts";
import { PooledLogWatch } from "../../store/sqlite/reading/pooled_log_watch.ts";
import type { ReaderPool } from "../../store/sqlite/reading/reader_pool.ts";

export interface AlertParts {
  readonly pool: ReaderPool;
  readonly sequencer: Sequencer;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly access: AccessControl;
  /** See {@linkcode AlertWatchOptions.isDecider}. */
  readonly isDecider?: () => boolean;
}

/**
 * Loads what alerts need, if there are any. For the start of the server: once people connect, no
 * descriptor may be left to read a file.
 */
export async function loadAlerts(rules: readonly AlertRule[]): Promise<void> {
  if (rules.length > 0) await import("../../alert/alert_desk.ts");
}

/** Starts watching the log for the alerts, if there are any. */
export async function openAlerts(
  rules: readonly AlertRule[],
  { pool, sequencer, state, clock, access, isDecider }: AlertParts,
): Promise<AsyncDisposable | undefined> {
  if (rules.length === 0) {
    if (isDecider?.() ?? true) await forgetAlerts(state);
    return undefined;
  }
  const { AlertDesk } = await import("../../alert/alert_desk.ts");
  const queries = rules.map(({ query }) => query);
  const watch = new PooledLogWatch(pool, { queries, ignoredVia: ALERT_VIA, now: clock.now() });
  const desk = new AlertDesk({ rules, sequencer, clock });
  const alerts: Asker = { nickname: "", capacity: "alert" };
  const hidden = () => access.unreadableBy(alerts);
  return new AlertWatch({ watch, desk, state, clock, hidden, isDecider });
}
