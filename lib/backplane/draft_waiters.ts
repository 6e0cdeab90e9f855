/**
 * Callers that wait until a number of drafts have been delivered or refused.
 *
 * @module
 */

interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
  /** Whether it goes on waiting while the cluster cannot be reached. */
  readonly isPatient: boolean;
}

export class DraftWaiters {
  /** Fewest first. */
  #waiters: Waiter[] = [];
  #through = 0;

  /** How many drafts have been delivered or refused. */
  get through(): number {
    return this.#through;
  }

  /**
   * Resolves once `count` drafts have been delivered or refused.
   *
   * @param count Not less than in the calls before.
   */
  wait(count: number, isPatient = true): Promise<void> {
    if (count <= this.#through) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve, isPatient }));
  }

  /** Ends the wait of callers whose drafts are among the first `through`. */
  release(through: number): void {
    this.#through = through;
    while (this.#waiters[0]?.count <= through) this.#waiters.shift()!.resolve();
  }

  /** Ends the wait of callers that do not wait for a cluster that cannot be reached. */
  releaseImpatient(): void {
    for (const { resolve, isPatient } of this.#waiters) if (!isPatient) resolve();
    this.#waiters = this.#waiters.filter(({ isPatient }) => isPatient);
  }
}
