/**
 * The status line of a person at a terminal: the room, how many people are in it, whether the person
 * is away, and which other rooms have something unread.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { textWidth } from "../../../codec/text_width.ts";
import { groupDigits } from "../../../domain/wording.ts";
import type { ChatSession } from "../chat_session.ts";
import type { UnreadRooms } from "../unread_rooms.ts";

/** A busy room changes its counts all the time, and nobody reads faster. */
const INTERVAL_MS = 250;
/** Characters shown of a room's name. */
const MAX_NAME = 20;

export interface TerminalStatusOptions {
  readonly clock: Clock;
  /** Whether there is one at the moment. */
  readonly isShown: () => boolean;
  /** Writes it. */
  readonly compose: () => string;
  /** Called when the text has changed. */
  readonly onChange: () => void;
}

/** Keeps the text, because every key draws the line below it. */
export class TerminalStatus {
  readonly #options: TerminalStatusOptions;
  #text: string | undefined;
  #composedAt = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(options: TerminalStatusOptions) {
    this.#options = options;
  }

  get text(): string | undefined {
    return this.#options.isShown() ? this.#text ??= this.#options.compose() : undefined;
  }

  /** Has the text composed again when it is drawn next. */
  forget(): void {
    this.#text = undefined;
  }

  /** Notes that something may have changed: the text follows at once, or a moment later. */
  touch(): void {
    const { clock, isShown } = this.#options;
    if (this.#cancelTimer || !isShown()) return;
    const waitMs = this.#composedAt + INTERVAL_MS - clock.monotonic();
    if (waitMs <= 0) return this.#update();
    this.#cancelTimer = clock.after(waitMs, () => {
      this.#cancelTimer = undefined;
      this.#update();
    });
  }

  close(): void {
    this.#cancelTimer?.();
  }

  #update(): void {
    const { clock, compose, onChange } = this.#options;
    this.#composedAt = clock.monotonic();
    const text = compose();
    if (text === this.#text) return;
    this.#text = text;
    onChange();
  }
}

/**
 * ` 1 #lobby, 3 people | away | unread: 2 #ops (4), 3 #log (120!) `; `!` calls the person.
 *
 * @param columns The width of the window; in a narrow one, the number of people is left out.
 */
export function describeStatus(
  person: ChatSession,
  unread: UnreadRooms,
  columns: number,
): string {
  const { nickname, currentRoom, rooms, awayText } = person;
  const place = currentRoom
    ? `${rooms.indexOf(currentRoom) + 1} ${roomText(currentRoom.name)}`
    : nickname === ""
    ? "no name yet"
    : "in no room";
  const parts: string[] = [];
  if (awayText !== undefined) parts.push("away");
  const others = rooms.flatMap(({ name }, index) => {
    const { count, isCall } = unread.of(name) ?? {};
    if (count === undefined) return [];
    return [`${index + 1} ${roomText(name)} (${groupDigits(count)}${isCall ? "!" : ""})`];
  });
  if (others.length > 0) parts.push(`unread: ${others.join(", ")}`);
  const people = currentRoom ? `, ${peopleText(currentRoom.members.size)}` : "";
  const whole = ` ${[place + people, ...parts].join(" | ")} `;
  return textWidth(whole) <= columns ? whole : ` ${[place, ...parts].join(" | ")} `;
}

function peopleText(count: number): string {
  return count === 1 ? "1 person" : `${groupDigits(count)} people`;
}

/** The room's name with `#`, cut if it is long. */
export function roomText(name: string): string {
  const characters = [...name];
  return characters.length > MAX_NAME
    ? `#${characters.slice(0, MAX_NAME - 3).join("")}...`
    : `#${name}`;
}
