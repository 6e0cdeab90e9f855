/**
 * The prompt, completion and pasting of people whose lines are edited by the server.
 *
 * @module
 */

import { isCommandLine } from "../../codec/command_line.ts";
import type { Assistant, Completion } from "../../server/terminal.ts";
import type { ChatSession } from "./chat_session.ts";
import { completeLine } from "./completion.ts";
import { MORE_PROMPT } from "./answer_pager.ts";
import type { LineScreen } from "./line_screen.ts";
import { holdsPassword } from "./login_line.ts";
import { BLOCK_BREAK } from "./sentence.ts";

/** Characters of a room's name in the prompt. */
const MAX_PROMPT = 20;

export class TypingHelp implements Assistant {
  readonly #person: ChatSession;
  readonly #screen: LineScreen;
  readonly #onLeave: () => void;

  /** @param onLeave Called when the person wants to leave the server. */
  constructor(person: ChatSession, screen: LineScreen, onLeave: () => void) {
    this.#person = person;
    this.#screen = screen;
    this.#onLeave = onLeave;
  }

  get prompt(): string {
    if (this.wantsKeys) return MORE_PROMPT;
    if (this.#screen.secrets.isAsking) return "password>";
    const { nickname, currentRoom } = this.#person;
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
    return !isCommandLine(line) || /^\/me\s+\S/i.test(line);
  }

  quote(lines: readonly string[]): string | undefined {
    if (lines.length > 1 && this.#person.nickname === "") return undefined;
    const text = lines.join(BLOCK_BREAK);
    return text.startsWith("/") ? `/${text}` : text;
  }

  leave(): void {
    this.#onLeave();
  }
}
