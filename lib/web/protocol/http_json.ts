/**
 * Answers to HTTP requests, besides events.
 *
 * @module
 */

import type { Level } from "../../level.ts";

/** The answer of `GET /about`: what the server tells of itself to whoever opens the page. */
export interface AboutJson {
  /** What it is, in one line. */
  readonly description: string;
  /** Who may enter: anybody, or only people with an account. */
  readonly access: "open" | "accounts";
  /** Whether the whole server has a password. */
  readonly hasPassword: boolean;
  /** Commands that connect to its other doors, for the host by which the page was reached. */
  readonly commands: readonly string[];
  /** People who are here; absent if only those who may enter are told. */
  readonly count?: number;
  /** Some of them, from rooms that are not private. */
  readonly names?: readonly string[];
}

/** The events of a span of time. */
export interface BucketJson {
  /** When the span begins. */
  readonly at: string;
  /** `seq` of the last event before it: `history` with this `after` begins here. */
  readonly after: number;
  /** Events of all kinds in it. */
  readonly count: number;
  /** Log lines in it by level, if asked for; lines without a level are not counted. */
  readonly levels?: Readonly<Partial<Record<Level, number>>>;
}
