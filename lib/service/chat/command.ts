/**
 * What a chat command is. Each has a file of its own in `commands/`, and a line in the list there.
 *
 * @module
 */

import type { ChatSession } from "./chat_session.ts";

/** A word after a slash, and what it does. */
export interface ChatCommand {
  /** The word, without the slash. */
  readonly name: string;
  /** How it is written, e.g. `/nick NAME`. */
  readonly usage: string;
  /** What it does, in a few words that begin with a verb, for the list of commands. */
  readonly summary: string;
  /** More to say about it, in sentences. */
  readonly details?: string;
  /**
   * Does it.
   *
   * @param argument What follows the word, without spaces around it; `""` for nothing.
   * @throws {DomainError} whose message the person is told.
   */
  run(person: ChatSession, argument: string): void | Promise<void>;
}

/** Shows how a command is written. */
export function showUsage(person: ChatSession, command: ChatCommand): void {
  person.error(`Usage: ${command.usage} (${command.summary})`);
}

/** The first word of an argument and the rest. */
export function splitWord(argument: string): [word: string, rest: string] {
  const space = argument.search(/\s/);
  if (space === -1) return [argument, ""];
  return [argument.slice(0, space), argument.slice(space).trim()];
}
