/**
 * Services that are written to as if they were people, as IRC users know them: lines that begin with
 * a command, answered by notices.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { IrcClient } from "../irc_door.ts";
import { inIrcWords } from "../irc_words.ts";
import { textMessages } from "../lines/text_messages.ts";

/** Answers a line that was written to a service. */
export type IrcServiceHandler = (client: IrcClient, text: string) => Promise<void>;

/** A line to a service. */
export interface ServiceCall {
  readonly client: IrcClient;
  /** What follows the command. */
  readonly words: readonly string[];
  /** The same as it was written. */
  readonly text: string;
  /** Answers with a line. */
  say(line: string): void;
  /** Answers with how the command is used. */
  sayUsage(): void;
}

export interface ServiceCommand {
  /** In upper case, the usual name first. */
  readonly names: readonly string[];
  /** The command with its parameters. */
  readonly usage: string;
  /** A few words, with a small letter. */
  readonly summary: string;
  /** @throws {DomainError} A refusal, whose sentence is the answer. */
  run(call: ServiceCall): Promise<void> | void;
}

/** Creates a service. */
export function createService(
  name: string,
  commands: readonly ServiceCommand[],
): IrcServiceHandler {
  const all: readonly ServiceCommand[] = [...commands, {
    names: ["HELP"],
    usage: "HELP",
    summary: "lists these commands",
    run({ say }) {
      say(`What /msg ${name} takes:`);
      for (const { usage, summary } of all) say(`${usage} - ${summary}`);
    },
  }];
  return async (client, text) => {
    const { irc: { settings: { serverName } } } = client;
    const say = (line: string) => {
      const source = `${name}!${name}@${serverName}`;
      const notice = { source, verb: "NOTICE", target: client.nick, text: line } as const;
      for (const message of textMessages(notice)) client.send(message);
    };
    const [, word, rest] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(text)!;
    const command = all.find(({ names }) => names.includes(word.toUpperCase()));
    if (!command) {
      // It may be a password that was sent without its command, so it is not repeated.
      return say(`${name} does not know that command. /msg ${name} HELP lists its commands.`);
    }
    const words = rest === "" ? [] : rest.split(/\s+/);
    const sayUsage = () => say(`Use /msg ${name} ${command.usage}`);
    try {
      await command.run({ client, words, text: rest, say, sayUsage });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      say(inIrcWords(error.message));
    }
  };
}
