/**
 * What the user can do with a message of the open room: as items of its menu, and by keys.
 *
 * @module
 */

import { hasReaction } from "../../domain/acts/reactions.ts";
import { readableBody, tombstoneOf } from "../../domain/redaction.ts";
import { isUnkept } from "../../domain/unlogged.ts";
import type { EventJson } from "../protocol.ts";
import { addressOf } from "./base.ts";
import type { MenuItem } from "./menu.ts";
import { routePath } from "./route.ts";

/** What the acts need of the page. */
export interface ActingPage {
  /** Makes the next message a reply to an event. */
  answer(event: EventJson): void;
  /** Puts text into the message field. */
  write(text: string): void;
  /** Copies a text to the clipboard, and says so. */
  copy(text: string): Promise<void>;
  /** Runs a command and shows its output. */
  act(line: string): Promise<void>;
  /** Runs a command whose effect is seen. */
  quietly(line: string): void;
}

/** The reactions that take one click, or the keys 1 to 5. */
export const QUICK_EMOJI = ["👍", "❤️", "😄", "🎉", "👀"];

/** What a key does to the focused message. */
export const MESSAGE_KEYS: Readonly<Record<string, string>> = {
  r: "Reply",
  q: "Quote",
  c: "Copy text",
  l: "Copy link",
  k: "Pin",
  ...Object.fromEntries(QUICK_EMOJI.map((emoji, at) => [at + 1, `React ${emoji}`])),
};

/** The items of a message's menu that anybody has. */
export function messageMenu(page: ActingPage, event: EventJson, room: string): MenuItem[] {
  const { seq, from } = event;
  const body = readableBody(event);
  const copying = (label: string, text: string): MenuItem => ({
    label,
    run: () => void page.copy(text),
  });
  const link = new URL(addressOf(routePath({ room, seq })), location.href).href;
  if (tombstoneOf(event) || isUnkept(event)) return [copying("Copy link", link)];
  const quote = `${body.split("\n").map((line) => `> ${line}`).join("\n")}\n`;
  return [
    { label: "Reply", run: () => page.answer(event) },
    ...QUICK_EMOJI.map((emoji) => ({
      label: `React ${emoji}`,
      run: () => toggleReaction(page, event, emoji),
    })),
    { label: "Other reaction…", run: () => page.write(`/react #${seq} `) },
    { label: "Quote", run: () => page.write(`> ${from}:\n${quote}`) },
    copying("Copy text", body),
    copying("Copy link", link),
    { label: "Pin", run: () => void page.act(`/pin #${seq}`) },
  ];
}

/** Adds the user's reaction, or takes it back. */
export function toggleReaction(page: ActingPage, { seq }: EventJson, emoji: string): void {
  page.quietly(`/react #${seq} ${emoji}`);
}

/** Whether the user has a reaction. */
export function isOwnReaction({ reactions = [] }: EventJson, emoji: string, name: string): boolean {
  return hasReaction(reactions, emoji, name);
}

/** Does what a key means for a message; returns whether it means anything. */
export function handleMessageKey(
  page: ActingPage,
  event: EventJson,
  room: string,
  key: string,
): boolean {
  const label = MESSAGE_KEYS[key];
  const item = label && messageMenu(page, event, room).find((item) => item.label === label);
  if (!item) return false;
  item.run();
  return true;
}
