/**
 * A sender's requests to the logger, in lines that begin with `@`, before its first log line:
 *
 * ```
 * @token pl_...   acts as an account; before all others that read or write
 * @build          the name of the source
 * @resume #480    resends everything after #480: skip lines stored already
 * @ack 100        acknowledge every 100 lines
 * @receipt        send a receipt once nothing has arrived for a second
 * ```
 *
 * @module
 */

import { parseName, SOURCE_NAME_RULES } from "../../domain/name.ts";

export type Control =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "resume"; readonly seq: number | undefined }
  | { readonly kind: "ack"; readonly lines: number }
  | { readonly kind: "receipt" }
  | { readonly kind: "token"; readonly secret: string };

/** The request for a receipt, the only one that is also understood later. */
export const RECEIPT = "@receipt";

const AT = 0x40;
const RESUME = /^@resume(?: +#?(\d{1,15}))?$/;
const ACK = /^@ack +([1-9]\d{0,8})$/;
const TOKEN = /^@token[ \t]+(\S+)$/;
/** The same among log lines, where it is no request. */
const MISPLACED_TOKEN = /^\s*@token\s+pl_\S*/;
const SPACE = 0x20;

/** The request in a line; `undefined` for a log line. */
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
  const token = TOKEN.exec(text);
  if (token) return { kind: "token", secret: token[1] };
  try {
    return { kind: "name", name: parseName(text.slice(1), SOURCE_NAME_RULES) };
  } catch {
    return undefined; // a log line that begins with @, such as `@import url(...)`
  }
}

/** A log line without the secret in it, should it be a request that came too late. */
export function withoutSecret(line: string): string {
  const first = line.charCodeAt(0);
  if (first !== AT && first > SPACE) return line;
  return line.replace(MISPLACED_TOKEN, "@token (a secret, left out)");
}

/** The requests at the beginning of a sender's lines. */
export class Preamble {
  /** Whether a log line has been seen; no request follows. */
  isOver = false;
  readonly #seen = new Set<Control["kind"]>();

  /** The requests at the front of `lines`, one per line. */
  read(lines: readonly string[]): Control[] {
    const controls: Control[] = [];
    for (const line of lines) {
      const control = parseControl(line);
      // A repeated request is a log line: a file may well begin with several lines that look like
      // names.
      this.isOver = !control || this.#seen.has(control.kind);
      if (!control || this.isOver) break;
      this.#seen.add(control.kind);
      controls.push(control);
    }
    return controls;
  }
}
