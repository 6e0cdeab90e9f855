/**
 * What an event that is about an earlier one says of it: replies, reactions and pins are understood
 * without looking the number up.
 *
 * @module
 */

import { readableBody } from "../redaction.ts";
import type { About, RoomEvent, RoomEventKind } from "../room_event.ts";
import { printedText } from "../text/printed_text.ts";
import { isUnkept } from "../unlogged.ts";

/** Characters of a quoted text. */
const LONGEST = 120;
/** Characters of a text that are looked at. */
const LOOKED_AT = 1000;

/** Of an event that retention has removed. */
export const NO_LONGER_KEPT: About = { kind: "gap", from: "", body: "no longer kept" };
const NEVER_KEPT: About = { kind: "gap", from: "", body: "not kept" };

/** The kinds of events that one can reply to, react to and pin. */
const ACTIONABLE: readonly RoomEventKind[] = ["message", "action", "log", "topic", "notice"];

/** Whether people can reply to events of a kind, react to them and pin them. */
export function isActionable({ kind }: Pick<RoomEvent, "kind">): boolean {
  return ACTIONABLE.includes(kind);
}

/** What others say of an event. */
export function aboutOf(event: RoomEvent): About {
  if (isUnkept(event)) return NEVER_KEPT;
  const { kind, from } = event;
  return { kind, from, body: beginningOf(readableBody(event)) };
}

/** The beginning of a text, on one line; `…` says that there is more. */
export function beginningOf(body: string): string {
  const text = printedText(body.slice(0, LOOKED_AT)).replace(/\s+/gu, " ").trim();
  const characters = [...text];
  const isWhole = characters.length <= LONGEST && body.length <= LOOKED_AT;
  return isWhole ? text : `${characters.slice(0, LONGEST - 1).join("").trimEnd()}…`;
}
