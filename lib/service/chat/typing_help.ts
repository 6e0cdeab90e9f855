/**
 * What the chat does for those whose lines are edited here.
 *
 * @module
 */

import type { Assistant, Completion } from "../../server/terminal.ts";
import type { ChatSession } from "./chat_session.ts";
import { completeLine } from "./completion.ts";
import { BLOCK_BREAK } from "./sentence.ts";

/** Characters of a room's name in the prompt. */
const MOST_PROMPT = 20;

export class TypingHelp implements Assistant {
  readonly #person: ChatSession;
  readonly #onLeave: () => void;

  /** @param onLeave Called when the person means to go. */
  constructor(person: ChatSession, onLeave: () => void) {
    this.#person = person;
    this.#onLeave = onLeave;
  }

  get prompt(): string {
    const { nickname, currentRoom } = this.#person;
    if (nickname === "") return "name>";
    if (!currentRoom) return ">";
    const name = [...currentRoom.name];
    return name.length > MOST_PROMPT
      ? `#${name.slice(0, MOST_PROMPT - 3).join("")}...>`
      : `#${currentRoom.name}>`;
  }

  complete(before: string): Completion | undefined {
    return this.#person.nickname === "" ? undefined : completeLine(this.#person, before);
  }

  /** What is said comes back to those who get their own lines; an answer alone says too little. */
  isShownAgain(line: string): boolean {
    const { nickname, currentRoom, screen } = this.#person;
    if (nickname === "" || !currentRoom || !screen.settings?.current.echo) return false;
    return !line.startsWith("/") || line.startsWith("//") || /^\/me\s+\S/i.test(line);
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
