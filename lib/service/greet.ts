/**
 * The smallest service of the tutorials: says thanks and goodbye.
 *
 * @module
 */

import type { Service } from "../server/session/service.ts";
import type { Session } from "../server/session/session.ts";

export class Greet implements Service {
  readonly name = "greet";
  readonly maxLineBytes = 4096;

  async serve(session: Session): Promise<void> {
    session.send("Thank you for connecting");
    await session.end();
  }
}
