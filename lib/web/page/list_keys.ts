/**
 * Keys in the list of messages: to its ends, between its rows, and for the focused message.
 *
 * @module
 */

import type { App } from "./app.ts";
import { handleLogKey, isPlainKey, moveRowFocus } from "./keyboard.ts";
import { handleMessageKey } from "./message_acts.ts";
import type { MessageView } from "./message_view.ts";
import type { Row } from "./row.ts";

/** What the keys are about. */
export interface KeyedList {
  readonly app: App;
  readonly view: MessageView;
  readonly rows: readonly Row[];
  /** The room, or that of a conversation; absent if the conversation is not kept. */
  readonly room?: string;
}

/** Handles a key pressed in `element`, which holds the rows; returns whether it means anything. */
export function handleListKey(
  event: KeyboardEvent,
  list: KeyedList,
  element: HTMLElement,
): boolean {
  const { app, view } = list;
  // The browser knows only the part that is loaded, and is interrupted when more of it is.
  if (isPlainKey(event, "Home")) void view.goToOldest();
  else if (isPlainKey(event, "End")) void view.goToNewest();
  else {
    return view.isLog && handleLogKey(app, view, event) || moveRowFocus(event, element) ||
      actOnMessage(event, list);
  }
  return true;
}

/** Does what a key means for the focused message. */
function actOnMessage(event: KeyboardEvent, { app, rows, room }: KeyedList): boolean {
  const key = (event.target as HTMLElement).getAttribute("data-key");
  if (!isPlainKey(event, event.key)) return false;
  const row = rows.find((row) => row.key === key);
  return row?.kind === "message" && handleMessageKey(app, row.event, room, event.key);
}
