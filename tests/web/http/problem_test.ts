import { assertEquals } from "@std/assert";
import { DomainError, SlowDownError } from "../../../lib/domain/domain_error.ts";
import { problemResponse } from "../../../lib/web/http/problem.ts";

Deno.test("problemResponse() says in whole seconds when to try again", async () => {
  const response = problemResponse(new SlowDownError("Too fast.", 1200));
  assertEquals([response.status, response.headers.get("Retry-After")], [429, "2"]);
  assertEquals((await response.json()).detail, "Too fast.");
  const other = problemResponse(new DomainError("not-permitted", "No."));
  assertEquals([other.status, other.headers.get("Retry-After")], [403, null]);
  await other.body?.cancel();
});
