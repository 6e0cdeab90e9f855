/**
 * What the list of messages is made of: one row under the other.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import type { Hole } from "./hole.ts";
import type { UnsentLine } from "./unsent.ts";

/** What every row has. */
interface RowBase {
  /** The same for the same row, however others come and go around it. */
  readonly key: string;
  /** The numbers of the events that it stands for; those of rows without one are where they stand. */
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export type Row =
  | StartRow
  | DayRow
  | NewsRow
  | MessageRow
  | FoldRow
  | HoleRow
  | ComingsRow
  | NoteRow
  | UnsentRow;

/** The room's beginning. */
export interface StartRow extends RowBase {
  readonly kind: "start";
}

/** A day begins. */
export interface DayRow extends RowBase {
  readonly kind: "day";
  readonly at: string;
}

/** Above it all was read. */
export interface NewsRow extends RowBase {
  readonly kind: "news";
}

/** Something that was said, by a person or by a program. */
export interface MessageRow extends RowBase {
  readonly kind: "message";
  readonly event: EventJson;
  /** Whether who said it is shown: the row above does not say it already. */
  readonly isFirst: boolean;
  readonly isMention: boolean;
}

/** The head of a run of log lines: it hides all but the last few, or can be made to. */
export interface FoldRow extends RowBase {
  readonly kind: "fold";
  readonly isOpen: boolean;
  readonly count: number;
  /** How many are not shown. */
  readonly hidden: number;
  /** The number of the last one that it tells of: of all if it is open, else of those not shown. */
  readonly throughSeq: number;
  readonly sources: readonly string[];
  readonly since: string;
  readonly until: string;
  /** Lines of it that are not at hand. */
  readonly hole?: Hole;
}

/** Log lines in an unfolded run that are not at hand. */
export interface HoleRow extends RowBase {
  readonly kind: "hole";
  readonly hole: Hole;
}

/** People who came and went. */
export interface ComingsRow extends RowBase {
  readonly kind: "comings";
  readonly events: readonly EventJson[];
}

/** Words for oneself alone. */
export interface NoteRow extends RowBase {
  readonly kind: "note";
  readonly note: Note;
}

/** What one has said and nobody has heard. */
export interface UnsentRow extends RowBase {
  readonly kind: "unsent";
  readonly line: UnsentLine;
}

export interface Note {
  readonly id: number;
  /** It stands after that number. */
  readonly after: number;
  readonly isError: boolean;
  readonly lines: readonly string[];
  /** What it answers. */
  readonly group?: unknown;
}
