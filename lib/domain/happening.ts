/**
 * What happened in a room, where nobody said anything.
 *
 * @module
 */

import type { Draft } from "./room_event.ts";

/**
 * The event in words.
 *
 * @param text Its body, as it is to be shown.
 */
export function happening({ kind, from }: Pick<Draft, "kind" | "from">, text: string): string {
  switch (kind) {
    case "join":
      return `${from} joined`;
    case "part":
      return text === "" ? `${from} left` : `${from} left (${text})`;
    case "topic":
      return text === "" ? `${from} cleared the topic` : `${from} set the topic: ${text}`;
    case "nick":
      return `${from} is now ${text}`;
    case "gap":
      return `gap: ${text}`;
    default:
      return text;
  }
}
