/**
 * Looks through the whole log for damage while the server runs: a page at a time in the threads that
 * read the log, with pauses, so that people notice nothing.
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
  readonly report: DamageReport;
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
    const { pool, report } = this.#options;
    try {
      for (let after = 0, isLast = false; !isLast && !this.#isStopping;) {
        const page = await pool.run("check", [after]);
        report.add(page.faults);
        ({ through: after, isLast } = page);
        await this.#pauses.take(PAUSE_MS);
      }
    } catch (error) {
      // The pool has reported that the log cannot be read.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}
