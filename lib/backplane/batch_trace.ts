/**
 * Following a batch of drafts through the sequencer, to measure where its time goes.
 *
 * @module
 */

/** The trace of one batch. */
export interface BatchTrace {
  /** Its events are stored, and about to be delivered. */
  committed(events: number): void;
  /** They are delivered, or were refused with this error. */
  end(error?: Error): void;
}

/**
 * Starts the trace of a batch; returns `undefined` if it is not to be traced.
 *
 * @param waitingSince When its first draft arrived, milliseconds since 1970.
 */
export type StartTrace = (waitingSince: number) => BatchTrace | undefined;
