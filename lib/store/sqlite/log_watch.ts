/**
 * Has the log looked through in another thread.
 *
 * @module
 */

import type { LogWatch, QueryMatches } from "../../domain/log_watch.ts";
import type { WatchAnswer, WatchRequest, WatchTask } from "./watch_worker.ts";

export class SqliteLogWatch implements LogWatch {
  readonly #worker: Worker;
  /** Who waits for the answer; one at a time. */
  #asking: PromiseWithResolvers<WatchAnswer> | undefined;

  constructor(task: WatchTask) {
    this.#worker = new Worker(new URL("./watch_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<WatchAnswer>) => this.#asking?.resolve(data);
    this.#worker.postMessage(task satisfies WatchRequest);
  }

  async end(): Promise<number> {
    const { end } = await this.#ask("end") as { end: number };
    return end;
  }

  async look(after: number): Promise<QueryMatches> {
    return await this.#ask({ lookAfter: after }) as QueryMatches;
  }

  async close(): Promise<void> {
    await this.#ask("close");
    this.#worker.terminate();
  }

  async #ask(request: WatchRequest): Promise<WatchAnswer> {
    await this.#asking?.promise;
    const asking = this.#asking = Promise.withResolvers<WatchAnswer>();
    this.#worker.postMessage(request);
    const answer = await asking.promise;
    if (typeof answer === "object" && "failure" in answer) throw new Error(answer.failure);
    return answer;
  }
}
