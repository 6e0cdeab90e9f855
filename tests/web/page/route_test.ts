import { assertEquals } from "@std/assert";
import { exportPath } from "../../../lib/web/page/api.ts";
import { parseRoute, type Route, routePath } from "../../../lib/web/page/route.ts";

function parse(path: string): Route {
  return parseRoute(new URL(path, "http://localhost/"));
}

Deno.test("parseRoute() inverts routePath() for any room name", () => {
  const routes: Route[] = [
    { room: undefined, seq: undefined, search: undefined },
    { room: "lobby", seq: undefined, search: undefined },
    { room: "lobby", seq: 381, search: undefined },
    { room: "größe", seq: 1, search: undefined },
    { room: "..", seq: 5, search: undefined },
    { room: ".", seq: undefined, search: undefined },
    {
      room: "a.b-c_d",
      seq: undefined,
      search: { query: 'disk "no space" #1 & +', isEverywhere: true },
    },
    { room: undefined, seq: undefined, search: { query: "", isEverywhere: false } },
    { room: "log", seq: undefined, search: undefined, filter: "level:warning+ source:web1/nginx" },
  ];
  for (const route of routes) {
    const path = routePath(route);
    // As the address bar normalises it.
    const { pathname, search } = new URL(path, "http://localhost/");
    const parsed = parse(pathname + search);
    assertEquals({ seq: undefined, room: undefined, ...parsed }, route, path);
  }
});

Deno.test("parseRoute() treats unknown paths as /", () => {
  const nowhere = { search: undefined };
  for (const path of ["/", "/x", "/rooms/", "/rooms/a/b", "/rooms/%ff", "/rooms/%23"]) {
    assertEquals(parse(path), nowhere, path);
  }
  assertEquals(parse("/rooms/%23ops/0").seq, undefined);
  assertEquals(parse("/rooms/%23ops").room, "ops");
});

Deno.test("exportPath() contains the room and the span", () => {
  assertEquals(exportPath("ops", "text"), "/api/rooms/ops/export?format=text");
  assertEquals(
    exportPath("a b", "jsonl", { after: 3, before: 9 }),
    "/api/rooms/a%20b/export?format=jsonl&after=3&before=9",
  );
  assertEquals(
    exportPath("ops", "text", { after: 0, before: Infinity }),
    "/api/rooms/ops/export?format=text",
  );
});
