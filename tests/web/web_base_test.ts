import { assertEquals } from "@std/assert";
import { WebBase } from "../../lib/web/web_base.ts";

Deno.test("WebBase.inside() removes the base, whether or not the proxy has left it", () => {
  const base = new WebBase("/tools/partyline/");
  assertEquals(base.inside("/tools/partyline/"), "/");
  assertEquals(base.inside("/tools/partyline/rooms/lobby"), "/rooms/lobby");
  assertEquals(base.inside("/rooms/lobby"), "/rooms/lobby");
  assertEquals(base.inside("/tools/partylines/x"), "/tools/partylines/x");
  assertEquals(new WebBase().inside("/rooms/lobby"), "/rooms/lobby");
});

Deno.test("WebBase.address() adds the base for clients that used it", () => {
  const base = new WebBase("/partyline/");
  assertEquals(base.address("/api/rooms", "/partyline/api/rooms"), "/partyline/api/rooms");
  assertEquals(base.address("/api/rooms", "/api/rooms"), "/api/rooms");
  assertEquals(new WebBase().address("/api/rooms", "/api/rooms"), "/api/rooms");
});

Deno.test("WebBase.isMissingSlash() recognises the base without its last slash", () => {
  const base = new WebBase("/partyline/");
  assertEquals(["/partyline", "/partyline/", "/", ""].map((path) => base.isMissingSlash(path)), [
    true,
    false,
    false,
    false,
  ]);
});
