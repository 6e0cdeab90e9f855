/** A server for the page's client, in this process, with the machine's clock. */

import { systemClock } from "../../lib/clock.ts";
import { FakeClock, settleSockets } from "./fake_clock.ts";
import { until } from "./patience.ts";
import { WebScene } from "./web_scene.ts";

export const POST_TOKEN = "a-token-for-tests";

class RunningClock extends FakeClock {
  override now = systemClock.now;
  override monotonic = systemClock.monotonic;
  readonly #waiting = new Set<() => void>();

  override after(ms: number, work: () => void): () => void {
    const cancel = systemClock.after(ms, () => {
      this.#waiting.delete(cancel);
      work();
    });
    this.#waiting.add(cancel);
    return () => {
      this.#waiting.delete(cancel);
      cancel();
    };
  }

  /** Whether nobody waits for a time to come. */
  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }
}

export class PageServer extends WebScene {
  declare readonly clock: RunningClock;

  constructor() {
    super({ clock: new RunningClock({ settle: settleSockets }), postToken: POST_TOKEN });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await until("the server has stopped waiting", () => this.clock.isIdle);
  }
}
