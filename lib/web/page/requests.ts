/**
 * Requests to the server, each of which waits for its answer.
 *
 * @module
 */

import type { ClientMessage, Ref } from "../protocol.ts";

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

export interface RequestsOptions {
  isConnected(): boolean;
  send(message: ClientMessage): void;
}

export class Requests {
  readonly #options: RequestsOptions;
  readonly #waiting = new Map<Ref, Waiting>();
  #count = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Returns a new reference. */
  nextRef(): string {
    return `r${++this.#count}`;
  }

  /**
   * Sends a request, and waits for the message with its reference.
   *
   * @throws {RequestError} if the request fails.
   */
  ask<Answer>(request: ClientMessage, ref: Ref = this.nextRef()): Promise<Answer> {
    const { isConnected, send } = this.#options;
    if (!isConnected()) return Promise.reject(disconnected());
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(ref, { resolve: (answer) => resolve(answer as Answer), reject });
    });
    send({ ...request, ref });
    return answer;
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
  disconnected(): void {
    for (const ref of [...this.#waiting.keys()]) this.reject(ref, disconnected());
  }

  #take(ref: Ref | undefined): Waiting | undefined {
    if (ref === undefined) return undefined;
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    return waiting;
  }
}

function disconnected(): RequestError {
  return new RequestError(
    "disconnected",
    "The connection was lost. Try again once you're back online.",
  );
}
