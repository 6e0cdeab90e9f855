import { assertEquals } from "@std/assert";
import { EventMatcher, type EventText } from "../../../lib/domain/search/event_matcher.ts";
import { valuesOf } from "../../../lib/domain/search/field_values.ts";
import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import { eventOf } from "../../support/room_events.ts";

const NOW = Date.UTC(2026, 10, 21, 6, 30);

function matcher(query: string): EventMatcher {
  return new EventMatcher(parseQuery(query, NOW));
}

function matches(query: string, event: EventText): boolean {
  return matcher(query).matches(event);
}

Deno.test("EventMatcher.admits() decides by what the events of a run have in common", () => {
  const admits = (query: string, rest: Parameters<typeof eventOf>[1]) =>
    matcher(query).admits(eventOf(1, rest));
  assertEquals(admits("from:ANN x", { from: "Ann" }), true);
  assertEquals(admits("from:an", { from: "Ann" }), false);
  assertEquals(admits("from:an*", { from: "Ann" }), true);
  for (
    const [query, isIn] of [["nginx", true], ["web1", true], ["web1/nginx", true], ["web", false]]
  ) {
    assertEquals(admits(`source:${query} x`, { from: "Web1/nginx" }), isIn);
  }
  assertEquals(admits("-from:ann in:#Lobby", { from: "bob" }), true);
  assertEquals(
    admits("after:06:30 x", { at: NOW - 1 }) || admits("before:now", { at: NOW }),
    false,
  );
  assertEquals(admits("after:now before:now", { at: NOW }), false);
  assertEquals([admits("x", { kind: "join" }), admits("kind:join", { kind: "join" })], [
    false,
    true,
  ]);
});

Deno.test("EventMatcher.matches() searches the body and the values of fields", () => {
  const fields = { level: "WARN", http: { status: 404, path: "/api" }, tags: ["slow disk"] };
  const event = { body: "request failed", fields };
  for (const query of ["failed", "404", "api", '"slow disk"', "failed 404 level:warning"]) {
    assertEquals(matches(query, event), true, query);
  }
  // Names of fields do not match, and a phrase does not span two texts.
  for (const query of ["status", '"failed 404"', "-slow", "level:err", "failed -404"]) {
    assertEquals(matches(query, event), false, query);
  }
});

Deno.test("EventMatcher.matches() tells links from text that resembles one", () => {
  for (const body of ["see https://x.org/a", "HTTP://x", "见https://x"]) {
    assertEquals(matches("has:link", { body }), true, body);
  }
  for (const body of ["https", "https://", "https:// x", "xhttp://y", "http:///"]) {
    assertEquals(matches("has:link", { body }), false, body);
  }
});

Deno.test("valuesOf() returns every value with its path, down to a limited depth", () => {
  assertEquals(valuesOf({ a: 1, b: { c: ["x", true] }, d: null }), [
    { path: "a", value: "1" },
    { path: "b.c.0", value: "x" },
    { path: "b.c.1", value: "true" },
  ]);
  let deep: unknown = "bottom";
  for (let depth = 0; depth < 10_000; depth++) deep = [deep];
  assertEquals(valuesOf({ deep, flat: "x" }), [{ path: "flat", value: "x" }]);
});
