/** One name, one thing: the code is searched by name. */

import { assertEquals } from "@std/assert";
import { sources } from "./support/sources.ts";

const LIB = new URL("../lib/", import.meta.url);
const EXPORT =
  /^export (?:abstract |async )?(?:class|function\*?|const|interface|type|enum) +(\w+)/gm;

Deno.test("No two files in lib export the same name", () => {
  const places = new Map<string, Set<string>>();
  for (const url of sources(LIB)) {
    for (const [, name] of Deno.readTextFileSync(url).matchAll(EXPORT)) {
      const files = places.get(name) ?? new Set();
      places.set(name, files.add(url.pathname.slice(LIB.pathname.length)));
    }
  }
  const shared = [...places].filter(([, files]) => files.size > 1)
    .map(([name, files]) => [name, ...files]);
  assertEquals(shared, []);
});
