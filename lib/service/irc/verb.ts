/**
 * The contract of verbs: one file each in `verbs/`.
 *
 * @module
 */

import type { IrcMessage } from "../../codec/irc_message.ts";
import type { IrcClient } from "./irc_door.ts";

export interface Verb {
  /** In upper case. */
  readonly name: string;
  /** Other names for it, in upper case. */
  readonly aliases?: readonly string[];
  /** Fewer parameters are refused with 461. @default {0} */
  readonly minParams?: number;
  /** Whether it may come before registration. */
  readonly isEarly?: boolean;
  /** Whether it only says something, and need not wait until what was said before is on record. */
  readonly isSpeech?: boolean;
  /** How it is used, and what it does, for `HELP`: lines of at most 400 characters. */
  readonly help?: readonly string[];
  /**
   * Carries it out.
   *
   * @throws {DomainError} A refusal; the client gets its numeric and its sentence.
   */
  run(client: IrcClient, message: IrcMessage): Promise<unknown> | void;
}
