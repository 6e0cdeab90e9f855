/**
 * The echo service of the tutorials: what you send is what you get.
 *
 * @module
 */

import type { Service } from "../server/service.ts";
import type { Session } from "../server/session.ts";

/**
 * Sends back every line, a cut one as it was cut; at an endpoint with `framing=raw` every byte,
 * without waiting for the end of a line. Raw is raw: a browser gets its request back, not a page.
 */
export class Echo implements Service {
  readonly name = "echo";
  readonly maxLineBytes = 4096;

  async serve(session: Session): Promise<void> {
    if (session.endpointOptions.get("framing") === "raw") return await echoBytes(session);
    for await (const line of session.lines) {
      const wait = session.answer(line);
      if (wait) await wait;
    }
  }

  /** The answer to a line that came by itself, in a datagram. */
  hear(line: string): string {
    return line;
  }
}

async function echoBytes({ chunks, outbox }: Session): Promise<void> {
  for await (const chunk of chunks) {
    outbox.push(chunk);
    // The chunk is the reader's again once the next one is asked for.
    if (!await outbox.drained()) return;
  }
}
