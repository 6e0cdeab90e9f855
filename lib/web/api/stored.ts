/**
 * Waits until what a request asks for is stored.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { LogLostError, whyRefused } from "../../domain/log_error.ts";
import { Problem } from "../http/problem.ts";

/**
 * Resolves to the result of `storing`.
 *
 * @throws {DomainError} if the request is against the rules.
 * @throws {Problem} 503 `not-stored` if the log could not store it.
 */
export async function stored<Result>(storing: Promise<Result>): Promise<Result> {
  try {
    return await storing;
  } catch (error) {
    if (error instanceof DomainError && !(error instanceof LogLostError)) throw error;
    const sentence = `Nothing was stored. The server's ${whyRefused(error)}; try again later.`;
    throw new Problem(503, "not-stored", sentence);
  }
}
