/**
 * The contract between a session's terminal and the client at the other end, which either speaks
 * telnet or is described by its transport.
 *
 * @module
 */

import type { PlacedErasure } from "../../codec/erasure.ts";
import type { TerminalTraits } from "../../codec/terminal_type.ts";
import type { WindowSize } from "./client_profile.ts";

/** Learns from a {@linkcode TerminalClient}. */
export interface TerminalOwner {
  /** Whether lines are edited here. */
  readonly isEditing: boolean;
  /** Bytes to send to the client. */
  reply(bytes: Uint8Array): void;
  /** The user asks for a sign of life. */
  areYouThere(): void;
  /** The user pressed the interrupt or break key. */
  interrupted(): void;
  /** The window has changed its size; only while lines are edited here. */
  resized(size: WindowSize): void;
  /** Lines should be edited here (`true`) or by the client; that may be the case already. */
  setCharacterMode(isOn: boolean): void;
  /** More is known about the terminal. */
  changed(): void;
}

export interface TerminalClient {
  /** Whether the client has accepted an option, so that it knows telnet. */
  readonly knowsTelnet: boolean;
  readonly traits: TerminalTraits;
  /** The size of its window, or the usual one if the client's is not plausible. */
  readonly size: WindowSize;
  /** The width of its window if the client gave a plausible one. */
  readonly columns: number | undefined;
  /**
   * Whether the client leaves it to us to show what is typed; `undefined` until it has answered.
   */
  readonly letsUsEcho: boolean | undefined;
  /**
   * Whether what the client sends is binary because we asked for it. Then Enter is a CR or an LF
   * alone, and only the cursor's row changes on its screen.
   */
  readonly isBinary: boolean;
  /** What to erase in the chunk that was filtered last. */
  readonly erasures: readonly PlacedErasure[] | undefined;
  /** Makes the client edit lines even if it would let us. */
  wantsLines: boolean;
  /** Sets whether typed text must stay hidden. */
  isConcealed: boolean;
  /** Sets whether a CR alone ends a line. */
  bareCrEndsLine: boolean;
  /** Resolves the next time that the client says who echoes. */
  echoSettled(): Promise<void>;
  /** Gets to know the client; resolves once enough is known to greet it. */
  introduce(): Promise<void>;
  /** Takes everything out of a chunk that is for us and not for the service. */
  filter(chunk: Uint8Array): Uint8Array;
  /** Asks the client for nothing more. */
  leave(): void;
}
