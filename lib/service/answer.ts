/**
 * Answering peers who may read slowly: a service that awaits what these functions return never
 * has more queued for a peer than its outbox holds, and one answer.
 *
 * @module
 */

import { log } from "../log.ts";
import type { Session } from "../server/session.ts";

const NOT_DONE = "! Not done: the server could not store it. Try again later.";

/** Why a line that was too long gets no other answer; `undefined` for one that was not. */
export function refusalOfCutLine({ damage, maxLineBytes }: Session): string | undefined {
  if (!damage || damage.cutBytes === 0) return undefined;
  return `! That line has more than ${maxLineBytes} bytes and was not read. Send a shorter one.`;
}

/**
 * Answers a peer's lines, one after the other.
 *
 * @param reply The answer to a line. What it throws is logged, and the peer hears that nothing
 * was changed.
 */
export async function answerEach(
  session: Session,
  reply: (line: string) => string | Promise<string>,
): Promise<void> {
  let isFailing = false;
  for await (const line of session.lines) {
    let text: string;
    try {
      text = refusalOfCutLine(session) ?? await reply(line);
      isFailing = false;
    } catch (error) {
      // Once, not for each line: a full disk fails every one until there is space again.
      if (!isFailing) log("service").warning("Cannot answer: {error}", { error });
      isFailing = true;
      text = NOT_DONE;
    }
    const wait = session.answer(text);
    if (wait) await wait;
  }
}
