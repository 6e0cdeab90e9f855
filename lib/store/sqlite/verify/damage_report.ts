/**
 * Logs each fault once, with what to do about it.
 *
 * @module
 */

import { log } from "../../../log.ts";

/** Faults reported; `partyline verify` lists more. */
const MOST_FAULTS = 10;

export class DamageReport {
  readonly #faults = new Set<string>();

  /** @param faults Sentences without a full stop. */
  add(faults: Iterable<string>): void {
    for (const fault of faults) {
      if (this.#faults.has(fault) || this.#faults.size > MOST_FAULTS) continue;
      this.#faults.add(fault);
      if (this.#faults.size <= MOST_FAULTS) this.#report(fault);
      else this.#report("there is more damage");
    }
  }

  #report(fault: string): void {
    const message = `The log is damaged: ${fault}. ` +
      "Keep a copy of it, see partyline verify, and restore the last backup";
    log("store").error("{message}", { message });
  }
}
