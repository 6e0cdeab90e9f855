import { assertEquals } from "@std/assert";
import { webUrl } from "../../../lib/cli/settings/web_options.ts";

Deno.test("webUrl() is the address of the page, with the first configured name if any", () => {
  assertEquals(webUrl("http://127.0.0.1:8080", { hosts: [] }), "http://127.0.0.1:8080/");
  assertEquals(webUrl("http://0.0.0.0:8080", { hosts: [] }), "http://0.0.0.0:8080/");
  assertEquals(webUrl("http://0.0.0.0:8080", { hosts: ["a.org", "b"] }), "http://a.org:8080/");
  assertEquals(webUrl("https://[::]:443", { hosts: ["a.org"] }), "https://a.org/");
});
