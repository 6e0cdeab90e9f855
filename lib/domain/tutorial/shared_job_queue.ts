/**
 * One line of jobs for all nodes of a cluster. Each node does its own jobs, when they are the first
 * in line; the line is state, so that all nodes have the same one.
 *
 * @module
 */

import { log } from "../../log.ts";
import { loadAndFollow, type StateStore } from "../state_store.ts";
import { CLUSTER_JOB_STATE } from "../visitor.ts";
import { cancellable, type JobLine, type Ticket } from "./job_queue.ts";

/** Where the number of the last job is. */
const LAST = { service: "jobs", key: "last" };

export interface SharedJobQueueOptions {
  readonly state: StateStore;
  /** The name of this node. When its run ends, its jobs leave the line. */
  readonly node: string;
}

export class SharedJobQueue implements JobLine {
  readonly #state: StateStore;
  readonly #node: string;
  /** Numbers of jobs of all nodes, in the order in which they came into the line. */
  readonly #line = new Set<number>();
  /** Jobs of this node that wait, by number. */
  readonly #own = new Map<number, () => Promise<void>>();
  #isRunning = false;

  private constructor({ state, node }: SharedJobQueueOptions) {
    this.#state = state;
    this.#node = node;
  }

  /** @throws {Error} if the line cannot be read. */
  static async open(options: SharedJobQueueOptions): Promise<SharedJobQueue> {
    const queue = new SharedJobQueue(options);
    await loadAndFollow(options.state, CLUSTER_JOB_STATE, (key, value) => {
      queue.#take(Number(key), value);
    });
    return queue;
  }

  async add<Result>(
    job: (signal: AbortSignal) => Result | Promise<Result>,
    signal: AbortSignal,
  ): Promise<Ticket<Result>> {
    const number = await this.#state.update(LAST.service, LAST.key, (last) => {
      const next = Number(last ?? 0) + 1;
      return { value: String(next), result: next };
    });
    const { run, done } = cancellable(job, signal, () => {
      if (this.#own.delete(number)) void this.#leave(number);
    });
    if (signal.aborted) return { number, ahead: 0, done };
    this.#own.set(number, run);
    await this.#enter(number);
    const ahead = Math.max(0, [...this.#line].indexOf(number));
    void this.#work();
    return { number, ahead, done };
  }

  async #enter(number: number): Promise<void> {
    const value = JSON.stringify({ node: this.#node });
    await this.#state.update(CLUSTER_JOB_STATE, String(number), () => {
      return { value, result: undefined };
    });
    if (this.#own.has(number)) this.#line.add(number);
  }

  async #leave(number: number): Promise<void> {
    this.#line.delete(number);
    try {
      await this.#state.update(CLUSTER_JOB_STATE, String(number), () => {
        return { value: null, result: undefined };
      });
    } catch (error) {
      log("service").warning("Cannot take a job out of the queue: {error}", { error });
    }
  }

  /** Takes over the place of a job: at the start, or when another node changed it. */
  #take(number: number, value: string | null): void {
    if (value !== null) this.#line.add(number);
    else if (this.#line.delete(number) && this.#own.has(number)) {
      // The others declared this node gone. It goes to the end of the line.
      this.#enter(number).then(() => this.#work(), (error) => {
        log("service").warning("Cannot put a job back into the queue: {error}", { error });
      });
    }
    void this.#work();
  }

  /** Does the jobs of this node that are first in line. */
  async #work(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let number; (number = this.#next()) !== undefined;) {
      const run = this.#own.get(number)!;
      this.#own.delete(number);
      await run();
      // The others must know before the next one begins, in case they declare this node gone.
      await this.#leave(number);
    }
    this.#isRunning = false;
  }

  #next(): number | undefined {
    const [first] = this.#line;
    return first !== undefined && this.#own.has(first) ? first : undefined;
  }
}
