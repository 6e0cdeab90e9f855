/**
 * The job service of the tutorials: one worker for all clients, one job at a time.
 *
 * @module
 */

import { type Clock, sleep } from "../clock.ts";
import { terminalText } from "../codec/terminal_text.ts";
import type { StateStore } from "../domain/state_store.ts";
import { type JobLine, JobQueue } from "../domain/tutorial/job_queue.ts";
import type { Service } from "../server/session/service.ts";
import type { Session } from "../server/session/session.ts";
import { refusalOfCutLine } from "./answer.ts";
import { type Job, JobsClient } from "./jobs_client.ts";

const LONGEST_SLEEP_MS = 60_000;
const FORMS = "upper TEXT, reverse TEXT, sha256 TEXT, sleep MS or count";

export interface JobsOptions {
  readonly state: StateStore;
  readonly clock: Clock;
  /** Aborted when the server is about to stop, before it ends the sessions. */
  readonly stopping: AbortSignal;
  /** @default {a line of this process} */
  readonly line?: JobLine;
}

/**
 * Does the jobs of all clients in the order in which their lines arrive. A client that ends only
 * its own side gets all results. The jobs of one that is gone are cancelled as soon as the system
 * notices: at once if the connection was reset, otherwise when the next result is sent.
 */
export class Jobs implements Service {
  readonly name = "jobs";
  readonly maxLineBytes = 4096;
  readonly #options: JobsOptions;
  readonly #line: JobLine;
  readonly #graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#line = options.line ?? new JobQueue();
  }

  async serve(session: Session): Promise<void> {
    const { stopping } = this.#options;
    const client = new JobsClient(session, this.#line);
    const stop = () => client.cancel("the server is stopping");
    stopping.addEventListener("abort", stop);
    session.onStop = () => client.answered();
    try {
      for await (const line of session.lines) {
        if (client.isLeaving) break;
        const job = refusalOfCutLine(session) ?? this.#understand(line);
        if (typeof job === "string") client.tell(job);
        else await client.submit(job, line.length);
        const wait = client.ready();
        if (wait) await wait;
      }
      if (!session.isEnded) await client.answered();
    } finally {
      stopping.removeEventListener("abort", stop);
      client.leave();
    }
  }

  /** The job in a line, or the error message for it. */
  #understand(line: string): Job | string {
    const [, name, text] = /^(\S*) ?(.*)$/s.exec(line)!;
    switch (name) {
      case "upper":
        return { run: () => text.toUpperCase() };
      case "reverse":
        return { run: () => this.#reverse(text) };
      case "sha256":
        return { run: () => hashOf(text) };
      case "sleep":
        return this.#understandSleep(text);
      case "count":
        return { run: () => this.#count(), isStored: true };
    }
    return `! unknown job "${terminalText(name.slice(0, 32))}"; write ${FORMS}`;
  }

  /** By user-perceived characters. */
  #reverse(text: string): string {
    return Array.from(this.#graphemes.segment(text), ({ segment }) => segment).reverse().join("");
  }

  #understandSleep(text: string): Job | string {
    const ms = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
    if (ms <= LONGEST_SLEEP_MS) return { run: (signal) => this.#sleep(ms, signal) };
    return `! sleep takes a whole number of milliseconds from 0 to ${LONGEST_SLEEP_MS}`;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<string> {
    await sleep(this.#options.clock, ms, signal);
    signal.throwIfAborted();
    return `slept ${ms} ms`;
  }

  #count(): Promise<string> {
    return this.#options.state.update("jobs", "count", (value) => {
      const count = String(Number(value ?? 0) + 1);
      return { value: count, result: count };
    });
  }
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex();
}
