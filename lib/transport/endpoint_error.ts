/**
 * How an endpoint that is none is refused.
 *
 * @module
 */

/** Text that is no endpoint. The message is one sentence that says how to write it. */
export class EndpointError extends SyntaxError {
  /** The part of the message after the colon, for a caller that names the text in its own way. */
  readonly reason: string;

  constructor(text: string, reason: string) {
    super(`Cannot parse endpoint ${JSON.stringify(text)}: ${reason}`);
    this.reason = reason;
  }
}

/** Throws the {@linkcode EndpointError} of the text at hand. */
export type Refuse = (reason: string) => never;
