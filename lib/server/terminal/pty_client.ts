/**
 * A terminal that its transport describes, as that of SSH does: it sends every key, and nothing but
 * keys, and all that telnet negotiates is known.
 *
 * @module
 */

import { type TerminalTraits, traitsOf } from "../../codec/terminal_type.ts";
import type { RemoteTerminal } from "../../transport/connection.ts";
import { believableSize, type WindowSize } from "./client_profile.ts";
import type { TerminalClient, TerminalOwner } from "./terminal_client.ts";

const LF = 0x0a;
const CR = 0x0d;

export class PtyClient implements TerminalClient {
  readonly knowsTelnet = false;
  readonly letsUsEcho = true;
  readonly isBinary = false;
  readonly erasures = undefined;
  readonly traits: TerminalTraits;
  readonly #owner: TerminalOwner;
  readonly #terminal: RemoteTerminal;
  /** Whether the last byte was a CR: a pasted LF after it ends no other line. */
  #isAfterCr = false;
  #hasLeft = false;

  constructor(owner: TerminalOwner, terminal: RemoteTerminal) {
    this.#owner = owner;
    this.#terminal = terminal;
    this.traits = traitsOf([terminal.type]);
  }

  get size(): WindowSize {
    const { columns, rows } = this.#terminal.size;
    return believableSize(columns, rows);
  }

  get columns(): number {
    return this.size.columns;
  }

  /** Not used: nobody edits lines there. */
  set wantsLines(_wantsLines: boolean) {}

  /** Not used: nothing is shown there that is not sent. */
  set isConcealed(_isConcealed: boolean) {}

  /** Not used: Enter always is a CR alone. */
  set bareCrEndsLine(_bareCrEndsLine: boolean) {}

  echoSettled(): Promise<void> {
    return Promise.resolve();
  }

  introduce(): Promise<void> {
    if (this.#hasLeft) return Promise.resolve();
    this.#terminal.onResize = () => {
      if (this.#owner.isEditing) this.#owner.resized(this.size);
      this.#owner.changed();
    };
    this.#owner.setCharacterMode(true);
    return Promise.resolve();
  }

  /** Turns Enter into the end of a line. */
  filter(chunk: Uint8Array): Uint8Array {
    const lines = new Uint8Array(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      if (byte !== LF || !this.#isAfterCr) lines[length++] = byte === CR ? LF : byte;
      this.#isAfterCr = byte === CR;
    }
    return lines.subarray(0, length);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#terminal.onResize = undefined;
  }
}
