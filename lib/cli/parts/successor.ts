/**
 * A running part that a reload replaces with another of its kind.
 *
 * @module
 */

export class Successor implements AsyncDisposable {
  #running: AsyncDisposable | undefined;

  /** Stops the one that runs, if any, and then starts another. */
  async start(open: () => Promise<AsyncDisposable | undefined>): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#running = await open();
  }

  /** Stops the one that runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    this.#running = undefined;
  }
}
