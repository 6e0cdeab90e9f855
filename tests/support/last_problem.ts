/** The answer to a request after which the connection ends. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { RawPeer } from "./raw_peer.ts";
import { WebScene } from "./web_scene.ts";

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

/** Sends a request, and expects a problem with a sentence as the last answer. */
export async function assertRefused(request: string, status: number, code: string): Promise<void> {
  await using scene = new WebScene();
  using peer = await scene.connect();
  await peer.send(request);
  const problem = await lastProblem(peer);
  assertEquals([problem.status, problem.code], [status, code]);
  assertMatch(problem.detail, /^[A-Z].*\.$/);
}
