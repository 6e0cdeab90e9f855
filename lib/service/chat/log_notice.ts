/**
 * Tells everybody, in whatever rooms, that the server refuses messages, or accepts them again.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { ChatContext } from "./chat_session.ts";

/** People told before others have a turn. */
const PEOPLE_AT_ONCE = 256;

const LOST = "The server's log file was removed or replaced. Messages are refused for now. " +
  "Tell the person who runs the server.";
const BACK = "The server's log file is back. Messages are kept again.";

/** @param isLost Whether the log is gone. */
export async function tellOfLog(
  { people }: Pick<ChatContext, "people">,
  isLost: boolean,
): Promise<void> {
  let told = 0;
  for (const person of [...people.holders]) {
    if (person.hasDeparted || person.isRemote) continue;
    if (isLost) person.error(LOST, "unavailable");
    else person.notice(BACK);
    if (++told % PEOPLE_AT_ONCE === 0) await setImmediate();
  }
}
