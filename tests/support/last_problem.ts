/** The answer to a request after which the connection ends. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { RawPeer } from "./raw_peer.ts";

/** Reads a problem, and expects the connection to end after it. */
export async function lastProblem(peer: RawPeer) {
  const { status, head, body } = await peer.readResponse();
  assertStringIncludes(head, "content-type: application/problem+json\r\n");
  assertStringIncludes(head, "Connection: close\r\n");
  assertEquals(await peer.readAll(), "");
  const problem = JSON.parse(body);
  assertEquals([problem.type, problem.status], ["about:blank", status]);
  return problem;
}
