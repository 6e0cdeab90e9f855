/**
 * What the user can do with a message of the open room: as items of its menu, and by keys.
 *
 * @module
 */

import { hasReaction } from "../../domain/acts/reactions.ts";
import { isDirectRoom } from "../../domain/direct_room.ts";
import { readableBody, tombstoneOf } from "../../domain/redaction.ts";
import { isUnkept } from "../../domain/unlogged.ts";
import type { EventJson } from "../protocol.ts";
import { addressOf } from "./base.ts";
import type { Commands } from "./commands.ts";
import type { MenuItem } from "./menu.ts";
import { routePath } from "./route.ts";

/** What the acts need of the page. */
export interface ActingPage {
  readonly places: { readonly isReadOnly: boolean };
  /** Makes the next message a reply to an event. */
  answer(event: EventJson): void;
  /** Puts text into the message field. */
  write(text: string): void;
  /** Copies a text to the clipboard, and says so. */
  copy(text: string): Promise<void>;
  readonly commands: Pick<Commands, "act" | "quietly">;
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

/** What a message is called in its menu. @param room As for {@linkcode messageMenu}. */
export function messageLabel({ seq, from }: EventJson, room: string | undefined): string {
  return `${room === undefined ? "a message" : `#${seq}`} by ${from}`;
}

/**
 * The items of a message's menu that anybody has.
 *
 * @param room The room, or that of a conversation; absent if the conversation is not kept. Messages
 * that are not kept can only be quoted and copied.
 */
export function messageMenu(
  page: ActingPage,
  event: EventJson,
  room: string | undefined,
): MenuItem[] {
  const { seq, from } = event;
  const body = readableBody(event);
  const lines = body.split("\n").map((line) => `> ${line}`).join("\n");
  const copying = { label: "Copy text", run: () => void page.copy(body) };
  const quoting = [{ label: "Quote", run: () => page.write(`> ${from}:\n${lines}\n`) }, copying];
  if (room === undefined) return quoting;
  const linking = { label: "Copy link", run: () => void page.copy(linkTo(room, seq)) };
  if (tombstoneOf(event) || isUnkept(event)) return [linking];
  if (page.places.isReadOnly) return [copying, linking];
  const pinning = { label: "Pin", run: () => void page.commands.act(`/pin #${seq}`) };
  return [
    { label: "Reply", run: () => page.answer(event) },
    ...QUICK_EMOJI.map((emoji) => ({
      label: `React ${emoji}`,
      short: emoji,
      run: () => toggleReaction(page, event, emoji),
    })),
    { label: "Other reaction…", run: () => page.write(`/react ${referenceTo(event)} `) },
    ...quoting,
    linking,
    ...(isDirectRoom(room) ? [] : [pinning]),
  ];
}

function linkTo(room: string, seq: number): string {
  return new URL(addressOf(routePath({ room, seq })), location.href).href;
}

/** A message as commands in its place name it. */
function referenceTo({ room, seq }: EventJson): string {
  return `${isDirectRoom(room) ? room : ""}#${seq}`;
}

/** Adds the user's reaction, or takes it back. */
export function toggleReaction(page: ActingPage, event: EventJson, emoji: string): void {
  if (page.places.isReadOnly) return;
  page.commands.quietly(`/react ${referenceTo(event)} ${emoji}`);
}

/** Whether the user has a reaction. */
export function isOwnReaction({ reactions = [] }: EventJson, emoji: string, name: string): boolean {
  return hasReaction(reactions, emoji, name);
}

/** Does what a key means for a message; returns whether it means anything. */
export function handleMessageKey(
  page: ActingPage,
  event: EventJson,
  room: string | undefined,
  key: string,
): boolean {
  const label = MESSAGE_KEYS[key];
  const item = label && messageMenu(page, event, room).find((item) => item.label === label);
  if (!item) return false;
  item.run();
  return true;
}
