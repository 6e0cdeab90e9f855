/**
 * Levels of log lines on the page: which ones are grave, and how many lines there are of each.
 *
 * @module
 */

import { type Level, levelOf, LEVELS } from "../../level.ts";
import type { EventJson } from "../protocol.ts";
import { numberText } from "./time_text.ts";

/** Numbers of log lines by level; lines without a level are not counted. */
export type LevelCounts = Readonly<Partial<Record<Level, number>>>;

/** How a level is shown, besides its name. */
export type Severity = "severe" | "warning" | "plain";

/** The level of a log line; `undefined` if it has none, and for other events. */
export function logLevelOf({ kind, fields }: EventJson): Level | undefined {
  return kind === "log" ? levelOf(fields?.level) : undefined;
}

export function severityOf(level: Level | undefined): Severity {
  if (level === "warning") return "warning";
  return level !== undefined && LEVELS.indexOf(level) < LEVELS.indexOf("warning")
    ? "severe"
    : "plain";
}

/** The CSS class of a severity. */
export function severityClass(severity: Severity): "is-severe" | "is-warning" | "" {
  return severity === "plain" ? "" : `is-${severity}`;
}

/** Whether an event is a warning or an error, which is never folded away. */
export function isGrave(event: EventJson): boolean {
  return severityOf(logLevelOf(event)) !== "plain";
}

/** Counts log lines by level. */
export function countLevels(events: readonly EventJson[]): LevelCounts {
  const counts: Partial<Record<Level, number>> = {};
  for (const event of events) {
    const level = logLevelOf(event);
    if (level !== undefined) counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}

/** Adds `sign` times the counts in `more`; those that become 0 or less are left out. */
export function addLevels(counts: LevelCounts, more: LevelCounts, sign: 1 | -1 = 1): LevelCounts {
  return Object.fromEntries(LEVELS.flatMap((level) => {
    const count = (counts[level] ?? 0) + sign * (more[level] ?? 0);
    return count > 0 ? [[level, count]] : [];
  }));
}

/** `3 err`, `460 info`: the most severe first. */
export function levelCountTexts(counts: LevelCounts): { severity: Severity; text: string }[] {
  return LEVELS.flatMap((level) => {
    const count = counts[level];
    return count ? [{ severity: severityOf(level), text: `${numberText(count)} ${level}` }] : [];
  });
}
