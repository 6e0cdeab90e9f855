/**
 * The options of `search`, on the machine and over SSH.
 *
 * @module
 */

import { ROOM_OPTION, SINCE_OPTION, UNTIL_OPTION } from "./reading.ts";

/** Hits that are printed unless the options say otherwise. */
export const DEFAULT_HITS = 20;

export const SEARCH_OPTIONS = [
  ROOM_OPTION,
  { name: "from", kind: "string", value: "NAME", doc: "only events from this person or source" },
  SINCE_OPTION,
  UNTIL_OPTION,
  {
    name: "context",
    short: "C",
    kind: "integer",
    value: "N",
    min: 0,
    max: 100,
    default: 0,
    doc: "also print N events of the room before and after each match",
  },
  {
    name: "limit",
    kind: "integer",
    value: "N",
    min: 0,
    max: 1_000_000_000,
    default: DEFAULT_HITS,
    doc: "print at most N matches; 0 for all",
  },
  { name: "json", kind: "flag", doc: "print JSON Lines" },
] as const;
