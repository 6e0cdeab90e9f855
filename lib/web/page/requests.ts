/**
 * Requests that wait for an answer.
 *
 * @module
 */

import type { Ref } from "../protocol.ts";

/** A request failed; the message can be shown to the user. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** The code of the protocol's `error`, or `disconnected`. */
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

  /** Returns a new reference. */
  nextRef(): string {
    return `r${++this.#count}`;
  }

  /** Waits for the message with this reference. @throws {RequestError} if the request fails. */
  wait<Answer>(ref: Ref): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(ref, { resolve: (answer) => resolve(answer as Answer), reject });
    });
  }

  /** Resolves a request; returns whether it was waiting. */
  resolve(ref: Ref | undefined, answer: unknown): boolean {
    const waiting = this.#take(ref);
    waiting?.resolve(answer);
    return waiting !== undefined;
  }

  /** Rejects a request; returns whether it was waiting. */
  reject(ref: Ref | undefined, error: RequestError): boolean {
    const waiting = this.#take(ref);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  /** Rejects all waiting requests. */
  rejectAll(error: RequestError): void {
    for (const ref of [...this.#waiting.keys()]) this.reject(ref, error);
  }

  #take(ref: Ref | undefined): Waiting | undefined {
    if (ref === undefined) return undefined;
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    return waiting;
  }
}
