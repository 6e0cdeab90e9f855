/**
 * The echo service of the tutorials.
 *
 * @module
 */

import type { Service } from "../server/session/service.ts";
import type { Session } from "../server/session/session.ts";

/**
 * Sends back every line, cut if it was too long; at an endpoint with `framing=raw` every byte,
 * without waiting for the end of a line. There a browser gets its request back, not a page.
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

  /** The answer to a line in a datagram. */
  hear(line: string): string {
    return line;
  }
}

async function echoBytes({ chunks, outbox }: Session): Promise<void> {
  for await (const chunk of chunks) {
    outbox.push(chunk);
    // The chunk's buffer is reused for the next one.
    if (!await outbox.drained()) return;
  }
}
