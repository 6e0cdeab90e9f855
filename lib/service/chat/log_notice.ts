/**
 * Tells everybody, in whatever rooms, what has become of the server's log or its cluster.
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
const CUT_OFF =
  "The cluster cannot be reached. What you say is kept here for now, and nobody sees " +
  "it until the cluster is back. You can read and search.";
const REACHED = "The cluster can be reached again. What was kept here has been sent.";

/** @param isLost Whether the log is gone. */
export function tellOfLog(chat: Pick<ChatContext, "people">, isLost: boolean): Promise<void> {
  return tellPeople(chat, isLost, isLost ? LOST : BACK);
}

/** @param isReached Whether what people say gets into the order of the cluster. */
export function tellOfCluster(
  chat: Pick<ChatContext, "people">,
  isReached: boolean,
): Promise<void> {
  return tellPeople(chat, !isReached, isReached ? REACHED : CUT_OFF);
}

async function tellPeople(
  { people }: Pick<ChatContext, "people">,
  isError: boolean,
  text: string,
): Promise<void> {
  let told = 0;
  for (const person of [...people.holders]) {
    if (person.hasDeparted || person.isRemote) continue;
    if (isError) person.error(text, "unavailable");
    else person.notice(text);
    if (++told % PEOPLE_AT_ONCE === 0) await setImmediate();
  }
}
