/**
 * Answers lines one after the other, as fast as the peer reads.
 *
 * @module
 */

import { log } from "../log.ts";
import type { Session } from "../server/session/session.ts";

const NOT_DONE = "! Not done: the server could not store it. Try again later.";

/** The answer to a line that was cut; `undefined` if the line was not. */
export function refusalOfCutLine({ damage, maxLineBytes }: Session): string | undefined {
  if (!damage || damage.cutBytes === 0) return undefined;
  return `! That line is longer than ${maxLineBytes} bytes and was not read. Send a shorter one.`;
}

/**
 * Answers each line before the next one is read.
 *
 * @param reply Returns the answer to a line. An exception is logged, and the peer is told that
 * nothing was changed.
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
      // Once, not for every line: a full disk fails each of them until there is space again.
      if (!isFailing) log("service").warning("Cannot answer: {error}", { error });
      isFailing = true;
      text = NOT_DONE;
    }
    const wait = session.answer(text);
    if (wait) await wait;
  }
}
