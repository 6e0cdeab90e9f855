/**
 * A running part that a reload replaces with another of its kind.
 *
 * @module
 */

export class Successor implements AsyncDisposable {
  #running: AsyncDisposable | undefined;
  #isEnded = false;
  /** Settles once what was asked for so far is done. Two parts of a kind never run together. */
  #done: Promise<void> = Promise.resolve();

  /** Stops the one that runs, if any, and then starts another, unless this has been disposed of. */
  start(open: () => Promise<AsyncDisposable | undefined>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      if (!this.#isEnded) this.#running = await open();
    });
  }

  /** Stops the one that runs, or that is being started. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    return this.#inTurn(() => this.#stop());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#done.then(work);
    this.#done = done.catch(() => {});
    return done;
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.[Symbol.asyncDispose]();
  }
}
