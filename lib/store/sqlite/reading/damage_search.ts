/**
 * Looks through the whole log and its index for damage while the server runs: a page at a time in
 * the threads that read the log, with pauses, so that people notice nothing.
 *
 * @module
 */

import { type Clock, Pauses } from "../../../clock.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import type { DamageReport } from "../verify/damage_report.ts";
import type { ReaderPool } from "./reader_pool.ts";

/** Milliseconds to pause after each page, which takes up to 8 ms. */
const PAUSE_MS = 40;

export interface DamageSearchOptions {
  readonly pool: Pick<ReaderPool, "run">;
  readonly clock: Clock;
  /** Takes what is wrong with the log. */
  readonly report: DamageReport;
  /** Called with what is wrong with the index, which is not checked any further. */
  readonly onIndexDamage: (fault: string) => void;
}

export class DamageSearch {
  readonly #options: DamageSearchOptions;
  readonly #pauses: Pauses;
  readonly #running: Promise<void>;
  #isStopping = false;

  /** Starts at once. */
  constructor(options: DamageSearchOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.clock);
    this.#running = this.#run();
  }

  /** Resolves once it has looked through everything. */
  get done(): Promise<void> {
    return this.#running;
  }

  /** Stops after the current page. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#pauses.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { report, onIndexDamage } = this.#options;
    try {
      for await (const faults of this.#pages("check")) report.add(faults);
      for await (const [fault] of this.#pages("checkIndex")) {
        if (fault !== undefined) return onIndexDamage(fault);
      }
    } catch (error) {
      // The pool has reported that the log cannot be read.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  /** The faults in each page. */
  async *#pages(task: "check" | "checkIndex"): AsyncGenerator<readonly string[]> {
    for (let after = 0, isLast = false; !isLast && !this.#isStopping;) {
      const page = await this.#options.pool.run(task, [after], { isBulk: true });
      yield page.faults;
      ({ through: after, isLast } = page);
      await this.#pauses.take(PAUSE_MS);
    }
  }
}
