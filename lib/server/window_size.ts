/**
 * The size of a client's window, as far as what it says can be believed.
 *
 * @module
 */

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is assumed of a window that nobody has measured, or measured wrongly. */
export const USUAL_SIZE: WindowSize = { columns: 80, rows: 24 };
const FEWEST_COLUMNS = 10;
const FEWEST_ROWS = 2;
const MOST = 1000;

/** The usual size in place of a width or a height that no window has, such as 0 and 65535. */
export function believableSize(columns = 0, rows = 0): WindowSize {
  return {
    columns: columns >= FEWEST_COLUMNS && columns <= MOST ? columns : USUAL_SIZE.columns,
    rows: rows >= FEWEST_ROWS && rows <= MOST ? rows : USUAL_SIZE.rows,
  };
}
