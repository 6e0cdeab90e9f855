/**
 * The prompt, completion and pasting of people whose lines are edited by the server.
 *
 * @module
 */

import { isCommandLine } from "../../codec/command_line.ts";
import type { Assistant, Completion } from "../../server/terminal.ts";
import type { ChatSession } from "./chat_session.ts";
import { completeLine } from "./completion.ts";
import { type AnswerPager, MORE_PROMPT } from "./answer_pager.ts";
import { BLOCK_BREAK } from "./sentence.ts";

/** Characters of a room's name in the prompt. */
const MAX_PROMPT = 20;

export class TypingHelp implements Assistant {
  readonly #person: ChatSession;
  readonly #pager: AnswerPager;
  readonly #onLeave: () => void;

  /** @param onLeave Called when the person wants to leave the server. */
  constructor(person: ChatSession, pager: AnswerPager, onLeave: () => void) {
    this.#person = person;
    this.#pager = pager;
    this.#onLeave = onLeave;
  }

  get prompt(): string {
    if (this.wantsKeys) return MORE_PROMPT;
    const { nickname, currentRoom } = this.#person;
    if (nickname === "") return "name>";
    if (!currentRoom) return ">";
    const name = [...currentRoom.name];
    return name.length > MAX_PROMPT
      ? `#${name.slice(0, MAX_PROMPT - 3).join("")}...>`
      : `#${currentRoom.name}>`;
  }

  get wantsKeys(): boolean {
    return this.#pager.hasMore;
  }

  takeKey(name: string): boolean {
    return this.#pager.takeKey(name);
  }

  complete(before: string): Completion | undefined {
    return this.#person.nickname === "" ? undefined : completeLine(this.#person, before);
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
