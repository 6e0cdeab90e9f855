/**
 * The contract of a chat command. Each has a file in `commands/` and a line in the list there.
 *
 * @module
 */

import type { Addressee } from "./addressee.ts";
import type { ChatContext, ChatSession } from "./chat_session.ts";

/** A command that is typed after a slash. */
export interface ChatCommand {
  /** Without the slash. */
  readonly name: string;
  /** Aliases: its names in other chats. */
  readonly aliases?: readonly string[];
  /** Its syntax, e.g. `/nick NAME`. */
  readonly usage: string;
  /** What it does, in a few words beginning with a verb, for the list of commands. */
  readonly summary: string;
  /** More about it, in sentences. */
  readonly details?: string;
  /**
   * Whom it is for, if its text may have several lines.
   *
   * @param argument As for {@linkcode ChatCommand.run}, up to the text.
   * @default {its text has one line}
   */
  addressee?(person: ChatSession, argument: string): Addressee;
  /** Whether it is of use in a chat. @default {in every one} */
  isOffered?(chat: ChatContext): boolean;
  /**
   * Runs the command.
   *
   * @param argument The trimmed text after the command's name; `""` for none.
   * @throws {DomainError} The person is shown its message.
   */
  run(person: ChatSession, argument: string): void | Promise<void>;
}

/** Shows the syntax of a command. */
export function showUsage(person: ChatSession, command: ChatCommand): void {
  person.error(`Usage: ${command.usage} (${command.summary})`);
}

/** The first word of an argument and the rest. */
export function splitWord(argument: string): [word: string, rest: string] {
  const space = argument.search(/\s/);
  if (space === -1) return [argument, ""];
  return [argument.slice(0, space), argument.slice(space).trim()];
}
