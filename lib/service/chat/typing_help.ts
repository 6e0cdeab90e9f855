/**
 * The prompt, completion and pasting of people whose lines are edited by the server.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../codec/command_line.ts";
import { excessOf, toBody } from "../../domain/block.ts";
import type { Assistant, Completion, Terminal } from "../../server/terminal.ts";
import type { ChatSession } from "./chat_session.ts";
import { blockLines, type BlockReader } from "./block_reader.ts";
import { takesBlock } from "./commands/mod.ts";
import { completeLine } from "./completion.ts";
import { MORE_PROMPT } from "./answer_pager.ts";
import type { LineScreen } from "./line_screen.ts";
import { Lookback } from "./lookback.ts";
import { holdsPassword } from "./login_line.ts";
import { describeStatus, roomText, TerminalStatus } from "./terminal_status.ts";

/** While a block is being typed. */
const BLOCK_PROMPT = '"""';
/** Alt and the number of a room. */
const NUMBER_KEY = /^M-([1-9])$/;
/** Alt-A: the next room with something unread. */
const NEXT_KEY = "M-a";

export interface TypingHelpOptions {
  readonly blocks: BlockReader;
  readonly terminal: Pick<Terminal, "columns" | "pageRows" | "refresh" | "showPage">;
  /** Called when the person wants to leave the server. */
  readonly onLeave: () => void;
}

export class TypingHelp implements Assistant {
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  readonly #blocks: BlockReader;
  readonly #status: TerminalStatus;
  readonly #lookback: Lookback;
  readonly #onLeave: () => void;

  constructor(person: ChatSession, screen: LineScreen, options: TypingHelpOptions) {
    const { blocks, terminal, onLeave } = options;
    this.#person = person;
    this.#screen = screen;
    this.#blocks = blocks;
    this.#onLeave = onLeave;
    this.#status = new TerminalStatus({
      clock: person.chat.clock,
      isShown: () => this.#lookback.isOpen || screen.settings.current.status,
      compose: () =>
        this.#lookback.status ??
          describeStatus(person, screen.unread, terminal.columns ?? Infinity),
      onChange: () => terminal.refresh(),
    });
    screen.onChange = () => this.#status.touch();
    this.#lookback = new Lookback(person, screen, {
      terminal,
      onMove: () => this.#status.forget(),
    });
    screen.settings.onApply = () => {
      this.#status.forget();
      this.#lookback.redraw();
    };
  }

  get prompt(): string {
    if (this.wantsKeys) return MORE_PROMPT;
    if (this.#screen.isAsking) return "password>";
    const { nickname, currentRoom } = this.#person;
    if (this.#blocks.isOpen) return BLOCK_PROMPT;
    if (nickname === "") return "name>";
    if (!currentRoom) return ">";
    return `${roomText(currentRoom.name)}>`;
  }

  get status(): string | undefined {
    return this.#status.text;
  }

  get wantsEscape(): boolean {
    return this.#lookback.isOpen;
  }

  get wantsKeys(): boolean {
    return this.#screen.pager?.hasMore ?? false;
  }

  takeKey(name: string): boolean {
    return this.#screen.pager?.takeKey(name) ?? false;
  }

  /** Keys that switch rooms are lines, so that what was typed before is said where it was typed. */
  press(name: string): boolean | string {
    const { rooms, currentRoom, nickname } = this.#person;
    if (nickname === "") return false;
    if (this.#lookback.press(name)) return true;
    if (this.#blocks.isOpen) return false;
    if (name === NEXT_KEY) return this.#screen.unread.next(rooms, currentRoom) ? "/go" : false;
    const [, number] = NUMBER_KEY.exec(name) ?? [];
    return number !== undefined && rooms.length >= Number(number) && `/go ${number}`;
  }

  /** Ends what goes on by itself. */
  close(): void {
    this.#status.close();
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
