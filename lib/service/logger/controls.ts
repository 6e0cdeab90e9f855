/**
 * What a sender says to the logger itself, in lines that begin with `@` before its first log line:
 *
 * ```
 * @build          the name of the source
 * @resume #480    what was sent after #480 is coming again: leave out what is stored already
 * @ack 100        acknowledge every 100 lines
 * @receipt        give a receipt as soon as nothing has come for a second
 * ```
 *
 * @module
 */

import { parseName, SOURCE_NAME_RULES } from "../../domain/name.ts";

export type Control =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "resume"; readonly seq: number | undefined }
  | { readonly kind: "ack"; readonly lines: number }
  | { readonly kind: "receipt" };

/** The line that asks for a receipt; the only one that is understood later on, too. */
export const RECEIPT = "@receipt";

const AT = 0x40;
const RESUME = /^@resume(?: +#?(\d{1,15}))?$/;
const ACK = /^@ack +([1-9]\d{0,8})$/;

/** What a line says to the logger; `undefined` for one that is to be logged. */
export function parseControl(line: string): Control | undefined {
  if (line.charCodeAt(0) !== AT) return undefined;
  const text = line.trimEnd();
  if (text === RECEIPT) return { kind: "receipt" };
  const resume = RESUME.exec(text);
  if (resume) {
    return { kind: "resume", seq: resume[1] === undefined ? undefined : Number(resume[1]) };
  }
  const ack = ACK.exec(text);
  if (ack) return { kind: "ack", lines: Number(ack[1]) };
  try {
    return { kind: "name", name: parseName(text.slice(1), SOURCE_NAME_RULES) };
  } catch {
    return undefined; // a log line that begins so, such as `@import url(...)`
  }
}

/** The lines for the logger at the beginning of what a sender sends. */
export class Preamble {
  /** Whether a log line has come, after which no line is for the logger. */
  isOver = false;
  readonly #seen = new Set<Control["kind"]>();

  /** What the lines at the front of `lines` say; each of them says one thing. */
  read(lines: readonly string[]): Control[] {
    const controls: Control[] = [];
    for (const line of lines) {
      const control = parseControl(line);
      // Said twice it is a log line: a file may well begin with several that look like names.
      this.isOver = !control || this.#seen.has(control.kind);
      if (!control || this.isOver) break;
      this.#seen.add(control.kind);
      controls.push(control);
    }
    return controls;
  }
}
