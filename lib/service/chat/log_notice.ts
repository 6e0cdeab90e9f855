/**
 * Tells everybody, whatever rooms they are in, that what they say is not kept, or is again.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { ChatContext } from "./chat_session.ts";

/** People told before others have a turn. */
const PEOPLE_AT_ONCE = 256;

const LOST = "The server's log file was removed or replaced. What you say now is refused. " +
  "Tell whoever runs the server.";
const BACK = "The server's log file is back. What you say is kept again.";

/** @param isLost Whether the log is gone. */
export async function tellOfLog(
  { people }: Pick<ChatContext, "people">,
  isLost: boolean,
): Promise<void> {
  let told = 0;
  for (const person of [...people.holders]) {
    if (person.hasDeparted) continue;
    if (isLost) person.error(LOST, "unavailable");
    else person.notice(BACK);
    if (++told % PEOPLE_AT_ONCE === 0) await setImmediate();
  }
}
