/**
 * The response to a peer that is not admitted. No request of it is read.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { Problem, problemJson, problemResponse } from "./problem.ts";
import { encodeHead } from "./response_writer.ts";

/** The bytes of a 403 with this sentence, after which the connection is closed. */
export function refusalResponse(sentence: string): Uint8Array {
  const problem = new Problem(403, "address-not-allowed", sentence);
  const form = { isHead: false, isChunked: false, isLast: true };
  return concat([encodeHead(problemResponse(problem), form), problemJson(problem)]);
}
