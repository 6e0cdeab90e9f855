/**
 * What decides how an event is written, besides the event.
 *
 * @module
 */

export interface View {
  /** Whether the reader talks in this room; lines of other rooms say which one it was. */
  readonly isCurrent: boolean;
  readonly time: boolean;
  readonly colour: boolean;
  /** Columns, 0 for no wrapping. */
  readonly width: number;
  /** Whether it is to be heard rather than seen. */
  readonly isSpoken: boolean;
  /** Whether what was shown before is of another day than the first event. */
  readonly startsDay: boolean;
}

/** A different number for each different view. */
export function viewKey(view: View): number {
  return view.width * 32 + Number(view.isCurrent) * 16 + Number(view.time) * 8 +
    Number(view.colour) * 4 + Number(view.isSpoken) * 2 + Number(view.startsDay);
}
