/**
 * The erase functions of telnet (RFC 854, "Standard representation of control functions"), applied
 * to the line that they are about.
 *
 * @module
 */

const LF = 0x0a;
const CONTROL_U = 0x15;
const DELETE = 0x7f;

/** Erase Character, or Erase Line. */
export type Erasure = "character" | "line";

/** An erase function, and how many bytes of a chunk of data precede it. */
export interface PlacedErasure {
  readonly what: Erasure;
  readonly at: number;
  /** Whether an interrupt causes it. A line editor of our own hears of that in another way. */
  readonly isByInterrupt?: boolean;
}

/**
 * The data with each function applied to the line that ends there.
 *
 * @param eraseBefore Called for what has to be erased of the data before this chunk.
 */
export function applyErasures(
  data: Uint8Array,
  erasures: readonly PlacedErasure[],
  eraseBefore: (what: Erasure) => void,
): Uint8Array {
  const kept = new Uint8Array(data.length);
  let length = 0;
  let from = 0;
  /** Where the line begins; 0 if it may have begun before this chunk. */
  let start = 0;
  for (const { what, at } of erasures) {
    const part = data.subarray(from, at);
    const newline = part.lastIndexOf(LF);
    if (newline !== -1) start = length + newline + 1;
    kept.set(part, length);
    length += part.length;
    from = at;
    const end = what === "line" ? undefined : lastCharacter(kept, start, length);
    if (end === undefined && start === 0) eraseBefore(what);
    length = end ?? start;
  }
  kept.set(data.subarray(from), length);
  return kept.subarray(0, length + data.length - from);
}

/** The data with the keys that do the same in a line editor. */
export function erasuresAsKeys(data: Uint8Array, all: readonly PlacedErasure[]): Uint8Array {
  const erasures = all.filter(({ isByInterrupt }) => !isByInterrupt);
  const keys = new Uint8Array(data.length + erasures.length);
  let from = 0;
  erasures.forEach(({ what, at }, index) => {
    keys.set(data.subarray(from, at), from + index);
    keys[at + index] = what === "line" ? CONTROL_U : DELETE;
    from = at;
  });
  keys.set(data.subarray(from), from + erasures.length);
  return keys;
}

/** Where the last UTF-8 character of the bytes begins; `undefined` if that is before `start`. */
function lastCharacter(bytes: Uint8Array, start: number, end: number): number | undefined {
  for (let at = end - 1; at >= start; at--) {
    // All bytes of a character except the first begin with the bits 10.
    if ((bytes[at] & 0xc0) !== 0x80) return at;
  }
  return undefined;
}
