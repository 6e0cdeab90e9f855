/**
 * What was asked and not yet answered.
 *
 * @module
 */

import type { Ref } from "../protocol.ts";

/** Why there is no answer, in a sentence for the person. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** As in the protocol's `error`, or `disconnected`. */
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: RequestError): void;
}

export class Requests {
  readonly #waiting = new Map<Ref, Waiting>();
  #count = 0;

  /** A reference that was not given out before. */
  nextRef(): string {
    return `r${++this.#count}`;
  }

  /** Resolves to the message that comes with this reference. @throws {RequestError} in its place. */
  wait<Answer>(ref: Ref): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { resolve: (answer) => resolve(answer as Answer), reject });
    });
  }

  /** Takes an answer to whoever waits for it; returns whether anybody did. */
  answer(ref: Ref | undefined, answer: unknown): boolean {
    const waiting = this.#take(ref);
    waiting?.resolve(answer);
    return waiting !== undefined;
  }

  /** Tells whoever waits that there is no answer; returns whether anybody did. */
  refuse(ref: Ref | undefined, error: RequestError): boolean {
    const waiting = this.#take(ref);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  /** Nothing that was asked will be answered. */
  refuseAll(error: RequestError): void {
    for (const ref of [...this.#waiting.keys()]) this.refuse(ref, error);
  }

  #take(ref: Ref | undefined): Waiting | undefined {
    if (ref === undefined) return undefined;
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    return waiting;
  }
}
