/**
 * What `partyline check` finds.
 *
 * @module
 */

import { complain, type Origin, UsageError } from "../options/usage_error.ts";

/** Something that should be changed. */
export interface CheckFinding {
  /** A server does not start with a fault. With a warning it does, but somebody will regret it. */
  readonly kind: "fault" | "warning";
  /** A sentence that says what to do, after the place if that is in a file: `partyline.toml:3: `. */
  readonly text: string;
  /** Where the option was set, if the finding is about one. */
  readonly origin?: Origin;
}

/** A finding about the value of an option. */
export function findingAt(
  kind: CheckFinding["kind"],
  origin: Origin,
  sentence: string,
): CheckFinding {
  return { kind, text: complain(origin, sentence).message, origin };
}

/** Collects faults: each check goes on although others have failed. */
export class FindingList {
  readonly #found: CheckFinding[] = [];

  add(...findings: readonly CheckFinding[]): void {
    this.#found.push(...findings);
  }

  /** In the order of the file; findings without a line of it come first. */
  get all(): readonly CheckFinding[] {
    return this.#found.toSorted((a, b) => lineOf(a) - lineOf(b));
  }

  /** The result of `read`; `undefined` if it refuses, which is a fault then. */
  attempt<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      return this.#note(error);
    }
  }

  /** The same of what takes a while. */
  async attemptLater<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await read();
    } catch (error) {
      return this.#note(error);
    }
  }

  #note(error: unknown): undefined {
    if (!(error instanceof UsageError)) throw error;
    this.add({ kind: "fault", text: error.message, origin: error.origin });
  }
}

function lineOf({ origin }: CheckFinding): number {
  return Number(/:(\d+)$/.exec(origin?.place ?? "")?.[1] ?? 0);
}
