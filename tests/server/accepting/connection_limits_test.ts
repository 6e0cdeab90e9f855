import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ConnectionLimits } from "../../../lib/server/accepting/connection_limits.ts";

/** The number of `count` connections from `address` that are accepted. */
function enterAll(limits: ConnectionLimits, address: string, count: number): number {
  const answers = Array.from({ length: count }, () => limits.enter(address));
  return answers.filter((answer) => answer === undefined).length;
}

Deno.test("ConnectionLimits.enter() refuses connections over the limit, with a sentence", () => {
  const limits = new ConnectionLimits({ maxConnections: 2, maxPerAddress: 0 });
  assertEquals(limits.enter("192.0.2.1"), undefined);
  assertEquals(limits.enter("192.0.2.2"), undefined);

  assertEquals(
    limits.enter("192.0.2.3"),
    "! The server is full: its limit is 2 connections. Try again later.",
  );
});

Deno.test("ConnectionLimits.enter() refuses too many from one address, and only those", () => {
  const limits = new ConnectionLimits({ maxConnections: 10, maxPerAddress: 2 });
  assertEquals(enterAll(limits, "192.0.2.1", 2), 2);

  assertEquals(
    limits.enter("192.0.2.1"),
    "! Too many connections from your address: the limit is 2. Close one and try again.",
  );
  assertEquals(limits.enter("192.0.2.2"), undefined);
});

Deno.test("ConnectionLimits.enter() does not count the connections that it refuses", () => {
  const limits = new ConnectionLimits({ maxConnections: 4, maxPerAddress: 2 });
  assertEquals(enterAll(limits, "192.0.2.1", 100), 2);
  assertEquals(enterAll(limits, "192.0.2.2", 100), 2);

  limits.leave("192.0.2.1");

  assertEquals(enterAll(limits, "192.0.2.1", 100), 1);
  assertEquals(enterAll(limits, "192.0.2.3", 100), 0);
});

Deno.test("ConnectionLimits.leave() makes room again", () => {
  const limits = new ConnectionLimits({ maxConnections: 1, maxPerAddress: 1 });
  for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.1"]) {
    assertEquals(limits.enter(address), undefined);
    assert(limits.enter(address));
    limits.leave(address);
  }
});

Deno.test("ConnectionLimits.leave() counts down by one", () => {
  const limits = new ConnectionLimits({ maxConnections: 0, maxPerAddress: 3 });
  assertEquals(enterAll(limits, "192.0.2.1", 3), 3);
  limits.leave("192.0.2.1");
  assertEquals(enterAll(limits, "192.0.2.1", 3), 1);
});

Deno.test("ConnectionLimits.enter() says that the server is full if both limits are reached", () => {
  const limits = new ConnectionLimits({ maxConnections: 1, maxPerAddress: 1 });
  limits.enter("192.0.2.1");
  assertStringIncludes(limits.enter("192.0.2.1")!, "full");
});

Deno.test("ConnectionLimits.enter() has no limit if it is 0", () => {
  const limits = new ConnectionLimits({ maxConnections: 0, maxPerAddress: 0 });
  assertEquals(enterAll(limits, "192.0.2.1", 1000), 1000);

  const perAddress = new ConnectionLimits({ maxConnections: 0, maxPerAddress: 3 });
  assertEquals(enterAll(perAddress, "192.0.2.1", 1000), 3);
});

Deno.test("ConnectionLimits.adjust() counts those who are connected, too", () => {
  const limits = new ConnectionLimits({ maxConnections: 0, maxPerAddress: 3 });
  assertEquals(enterAll(limits, "192.0.2.1", 2), 2);
  limits.adjust({ maxConnections: 3, maxPerAddress: 2 });
  assertEquals(enterAll(limits, "192.0.2.1", 1), 0);
  assertEquals(enterAll(limits, "192.0.2.2", 2), 1);
});
