/**
 * Attempts to log in that failed.
 *
 * @module
 */

import type { Metric } from "./metric.ts";

/** @param counts Failures by what was tried and by reason; they go on counting. */
export function loginMetrics(
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Metric[] {
  return [{
    name: "partyline_login_failures_total",
    help: "Wrong passwords and tokens, and attempts that came before their delay was over",
    type: "counter",
    read: () =>
      Object.entries(counts).flatMap(([subject, reasons]) =>
        Object.entries(reasons).map(([reason, count]) => [{ subject, reason }, count] as const)
      ),
  }];
}
