/**
 * The prompt, completion and pasting of people whose lines are edited by the server.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";
import { excessOf, toBody } from "../../domain/block.ts";
import type { Assistant, Completion } from "../../server/terminal.ts";
import type { ChatSession } from "./chat_session.ts";
import { blockLines, type BlockReader } from "./block_reader.ts";
import { takesBlock } from "./commands/mod.ts";
import { completeLine } from "./completion.ts";
import { MORE_PROMPT } from "./answer_pager.ts";
import type { LineScreen } from "./line_screen.ts";
import { holdsPassword } from "./login_line.ts";

/** While a block is being typed. */
const BLOCK_PROMPT = '"""';
/** Characters of a room's name in the prompt. */
const MAX_PROMPT = 20;

export class TypingHelp implements Assistant {
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  readonly #blocks: BlockReader;
  readonly #onLeave: () => void;

  /** @param onLeave Called when the person wants to leave the server. */
  constructor(person: ChatSession, screen: LineScreen, blocks: BlockReader, onLeave: () => void) {
    this.#person = person;
    this.#screen = screen;
    this.#blocks = blocks;
    this.#onLeave = onLeave;
  }

  get prompt(): string {
    if (this.wantsKeys) return MORE_PROMPT;
    if (this.#screen.secrets.isAsking) return "password>";
    const { nickname, currentRoom } = this.#person;
    if (this.#blocks.isOpen) return BLOCK_PROMPT;
    if (nickname === "") return "name>";
    if (!currentRoom) return ">";
    const name = [...currentRoom.name];
    return name.length > MAX_PROMPT
      ? `#${name.slice(0, MAX_PROMPT - 3).join("")}...>`
      : `#${currentRoom.name}>`;
  }

  get wantsKeys(): boolean {
    return this.#screen.pager.hasMore;
  }

  takeKey(name: string): boolean {
    return this.#screen.pager.takeKey(name);
  }

  complete(before: string): Completion | undefined {
    const { nickname } = this.#person;
    if (nickname === "" || this.isSecret(before)) return undefined;
    return completeLine(this.#person, before);
  }

  isSecret(line: string): boolean {
    return holdsPassword(line, (word) => this.#person.suggestsLogin(word));
  }

  /** With `echo`, what people say is shown as an event, so the typed line need not stay. */
  isShownAgain(line: string): boolean {
    const { nickname, currentRoom, screen } = this.#person;
    if (nickname === "" || !currentRoom || !screen.settings?.current.echo) return false;
    // Only the whole block is shown again.
    if (this.#blocks.isOpen) return false;
    return !isCommandLine(line) || /^\/me\s+\S/i.test(line);
  }

  quote(line: string): string {
    return line.startsWith("/") ? `/${line}` : line;
  }

  quoteBlock(text: string): readonly string[] | undefined {
    const { nickname, chat } = this.#person;
    if (nickname === "" || this.#blocks.isOpen) return undefined;
    const body = toBody(text);
    return excessOf(body, chat.blocks) === undefined ? blockLines("", body) : undefined;
  }

  typedBlock(text: string): readonly string[] | string {
    const { nickname, chat } = this.#person;
    const [first, ...rest] = text.split("\n");
    if (nickname === "" || this.#blocks.isOpen) return "One line at a time, please.";
    const excess = excessOf(toBody(text), chat.blocks);
    if (excess !== undefined) return excess;
    if (!isCommandLine(first)) return blockLines("", [textOfLine(first), ...rest].join("\n"));
    if (!takesBlock(first)) return "This command takes one line.";
    // The name of `/msg NAME` is not part of the text.
    const [, command, begin] = /^(\/(?:msg|query|w)\s+\S+\s|\/\S+\s)(.*)$/i.exec(`${first} `)!;
    return blockLines(command, [begin.trimEnd(), ...rest].join("\n"));
  }

  leave(): void {
    this.#onLeave();
  }
}
