/**
 * The prompt, completion and pasting of people whose lines are edited by the server.
 *
 * @module
 */

import { isCommandLine, textOfLine } from "../../../codec/command_line.ts";
import { excessOf, toBody } from "../../../domain/text/block.ts";
import { divideText } from "../../../domain/text/block_part.ts";
import type {
  Assistant,
  Completion,
  QuotedBlock,
  Terminal,
} from "../../../server/terminal/terminal.ts";
import type { ChatSession } from "../chat_session.ts";
import { takesBlock } from "../commands/mod.ts";
import { holdsPassword } from "../login/login_line.ts";
import type { PasteSetting } from "../settings.ts";
import { suggestsLogin } from "../speech/said_text.ts";
import { MORE_PROMPT } from "./answer_pager.ts";
import { blockLines, type BlockReader } from "./block_reader.ts";
import { completeLine } from "./completion.ts";
import type { LineScreen, ScreenObserver } from "./line_screen.ts";
import { Lookback, OPENING_KEYS } from "./lookback.ts";
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

export class TypingHelp implements Assistant, ScreenObserver {
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  readonly #options: TypingHelpOptions;
  /** Created once the person wants a status, or looks back. */
  #status: TerminalStatus | undefined;
  #lookback: Lookback | undefined;

  constructor(person: ChatSession, screen: LineScreen, options: TypingHelpOptions) {
    this.#person = person;
    this.#screen = screen;
    this.#options = options;
    screen.observer = screen.settings.observer = this;
  }

  /** Part of {@linkcode ScreenObserver}. */
  changed(): void {
    if (this.#hasStatus) this.#statusLine.touch();
  }

  /** Part of {@linkcode ScreenObserver}. */
  applied(): void {
    this.#status?.forget();
    this.#lookback?.redraw();
  }

  get prompt(): string {
    if (this.wantsKeys) return MORE_PROMPT;
    if (this.#screen.secrets?.isAsking) return "password>";
    const { nickname, currentRoom } = this.#person;
    if (this.#options.blocks.isOpen) return BLOCK_PROMPT;
    if (nickname === "") return "name>";
    if (!currentRoom) return ">";
    return `${roomText(currentRoom.name)}>`;
  }

  get status(): string | undefined {
    return this.#hasStatus ? this.#statusLine.text : undefined;
  }

  get wantsEscape(): boolean {
    return this.#lookback?.isOpen ?? false;
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
    if (OPENING_KEYS.has(name)) this.#lookback ??= this.#createLookback();
    if (this.#lookback?.press(name)) return true;
    if (this.#options.blocks.isOpen) return false;
    if (name === NEXT_KEY) return this.#screen.unread.next(rooms, currentRoom) ? "/go" : false;
    const [, number] = NUMBER_KEY.exec(name) ?? [];
    return number !== undefined && rooms.length >= Number(number) && `/go ${number}`;
  }

  /** Ends what goes on by itself. */
  close(): void {
    this.#status?.close();
  }

  complete(before: string): Completion | undefined {
    const { nickname } = this.#person;
    if (nickname === "" || this.isSecret(before)) return undefined;
    return completeLine(this.#person, before);
  }

  isSecret(line: string): boolean {
    return holdsPassword(line, (word) => suggestsLogin(this.#person, word));
  }

  /** With `echo`, what people say is shown as an event, so the typed line need not stay. */
  isShownAgain(line: string): boolean {
    const { nickname, currentRoom, screen } = this.#person;
    if (nickname === "" || !currentRoom || !screen.settings?.current.echo) return false;
    // Only the whole block is shown again.
    if (this.#options.blocks.isOpen) return false;
    return !isCommandLine(line) || /^\/me\s+\S/i.test(line);
  }

  quote(line: string): string {
    return line.startsWith("/") ? `/${line}` : line;
  }

  get pasteAs(): PasteSetting {
    return this.#screen.settings.current.paste;
  }

  quoteBlock(text: string): QuotedBlock | undefined {
    const { nickname, chat } = this.#person;
    if (nickname === "" || this.#options.blocks.isOpen) return undefined;
    const messages = divideText(text, chat.blocks)?.length;
    // One block of them all, so that what ends it ends them all.
    return messages === undefined ? undefined : { messages, lines: blockLines("", toBody(text)) };
  }

  typedBlock(text: string): readonly string[] | string {
    const { nickname, chat } = this.#person;
    const [first, ...rest] = text.split("\n");
    if (nickname === "" || this.#options.blocks.isOpen) return "One line at a time, please.";
    const excess = excessOf(toBody(text), chat.blocks);
    if (excess !== undefined) return excess;
    if (!isCommandLine(first)) return blockLines("", [textOfLine(first), ...rest].join("\n"));
    if (!takesBlock(first)) return "This command takes one line.";
    // The name of `/msg NAME` is not part of the text.
    const [, command, begin] = /^(\/(?:msg|query|w)\s+\S+\s|\/\S+\s)(.*)$/i.exec(`${first} `)!;
    return blockLines(command, [begin.trimEnd(), ...rest].join("\n"));
  }

  leave(): void {
    this.#options.onLeave();
  }

  get #hasStatus(): boolean {
    return this.#screen.settings.current.status || this.wantsEscape;
  }

  get #statusLine(): TerminalStatus {
    const { terminal } = this.#options;
    return this.#status ??= new TerminalStatus({
      clock: this.#person.chat.clock,
      isShown: () => this.#hasStatus,
      compose: () =>
        this.#lookback?.status ??
          describeStatus(this.#person, this.#screen.unread, terminal.columns ?? Infinity),
      onChange: () => terminal.refresh(),
    });
  }

  #createLookback(): Lookback {
    const { terminal } = this.#options;
    const onMove = () => this.#status?.forget();
    return new Lookback(this.#person, this.#screen, { terminal, onMove });
  }
}
