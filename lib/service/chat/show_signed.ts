/**
 * Shows a text for those in a room who have a sign, at any door.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { ChatSession } from "./chat_session.ts";
import type { SignedNotice } from "./screen.ts";

/** Shows it to one of them, unless they ignore its sender. */
export function showSigned(person: ChatSession, notice: SignedNotice): void {
  if (person.ignored.has(nameKey(notice.from))) return;
  if (person.screen.showSigned) person.screen.showSigned(notice);
  else person.notice(notice.words);
}
