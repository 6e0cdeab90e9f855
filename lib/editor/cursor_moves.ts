/**
 * How a cursor is moved: the control functions of ECMA-48 that every terminal has.
 *
 * @module
 */

/** Left by a negative number of columns, right by a positive one. */
export function horizontal(columns: number): string {
  if (columns === -1) return "\b";
  return columns < 0 ? `\x1b[${-columns}D` : right(columns);
}

export function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : "";
}

export function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

export function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : "";
}
