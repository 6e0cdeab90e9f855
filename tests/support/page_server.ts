/** A server for the page's client, in this process, with the machine's clock. */

import { systemClock } from "../../lib/clock.ts";
import { FakeClock, settleSockets } from "./fake_clock.ts";
import { WebScene } from "./web_scene.ts";

export const POST_TOKEN = "a-token-for-tests";

class RunningClock extends FakeClock {
  override now = systemClock.now;
  override monotonic = systemClock.monotonic;
  override after = systemClock.after;
}

export class PageServer extends WebScene {
  constructor() {
    super({ clock: new RunningClock({ settle: settleSockets }), postToken: POST_TOKEN });
  }
}
