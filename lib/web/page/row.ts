/**
 * The rows of the message list.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import type { LevelCounts } from "./log_level.ts";
import type { UnsentLine } from "./unsent.ts";

interface RowBase {
  /** Identifies the row across renderings. */
  readonly key: string;
  /** Numbers of its first and last event; a row without events uses its position among them. */
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export type Row =
  | StartRow
  | DayRow
  | NewMarkerRow
  | MessageRow
  | FoldRow
  | HoleRow
  | PresenceRow
  | NoteRow
  | UnsentRow;

/** The beginning of the room. */
export interface StartRow extends RowBase {
  readonly kind: "start";
}

/** The date above the messages of a day. */
export interface DayRow extends RowBase {
  readonly kind: "day";
  readonly at: string;
}

/** The line between read and unread messages. */
export interface NewMarkerRow extends RowBase {
  readonly kind: "newMarker";
}

/** A message or log line. */
export interface MessageRow extends RowBase {
  readonly kind: "message";
  readonly event: EventJson;
  /** Whether to show the sender, because the row above is not from the same one. */
  readonly isFirst: boolean;
  readonly isMention: boolean;
}

/** The head of a fold: log lines of one source. */
export interface FoldRow extends RowBase {
  readonly kind: "fold";
  readonly isOpen: boolean;
  /** Those of the numbers of unfolded lines that keep it open. */
  readonly openedBy: readonly number[];
  readonly count: number;
  readonly levels: LevelCounts;
  readonly source: string;
  /** Number of its last line. */
  readonly throughSeq: number;
  readonly since: string;
  readonly until: string;
  /** The first hole in it, if any. */
  readonly hole?: Hole;
}

/** Log lines of one source that are not loaded. */
export interface HoleRow extends RowBase {
  readonly kind: "hole";
  readonly hole: Hole;
}

/** Consecutive joins and parts. */
export interface PresenceRow extends RowBase {
  readonly kind: "presence";
  readonly events: readonly EventJson[];
}

/** A note that only this user sees. */
export interface NoteRow extends RowBase {
  readonly kind: "note";
  readonly note: Note;
}

/** A line that is still being sent, or failed. */
export interface UnsentRow extends RowBase {
  readonly kind: "unsent";
  readonly line: UnsentLine;
}

export interface Note {
  readonly id: number;
  /** Number of the event that it follows. */
  readonly after: number;
  readonly isError: boolean;
  readonly lines: readonly string[];
  /** What it answers; consecutive notes of the same group are joined. */
  readonly group?: unknown;
}
