/**
 * How far alerts have come, as a text that outlives the process.
 *
 * @module
 */

import type { Sighting } from "./alert_rule.ts";

export interface AlertPlace {
  /** The id of the last event that was looked at. */
  readonly through: number;
  /** What was found and not told yet, by the names of alerts. */
  readonly held: Readonly<Record<string, Sighting>>;
}

/** Characters of an event's text that are kept: more than a notice shows. */
const KEPT_CHARACTERS = 1000;

export function placeText({ through, held }: AlertPlace): string {
  const short = Object.entries(held).map(([name, { count, event }]) => {
    const { fields: _, ...rest } = event;
    return [name, { count, event: { ...rest, body: event.body.slice(0, KEPT_CHARACTERS) } }];
  });
  return JSON.stringify({ through, held: Object.fromEntries(short) });
}

/** @param text As {@linkcode placeText} gives it. */
export function parsePlace(text: string): AlertPlace {
  return JSON.parse(text);
}
