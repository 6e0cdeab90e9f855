/** Temporary files of the tests are removed, also when a test fails. */

import { assertEquals } from "@std/assert";
import { sources } from "./support/sources.ts";

const TESTS = new URL("./", import.meta.url);

Deno.test("Only TemporaryDirectory creates temporary files, because it removes them", () => {
  const found = [...sources(TESTS)]
    .filter((file) => /\bDeno\.makeTemp(Dir|File)/.test(Deno.readTextFileSync(file)))
    .map((file) => file.pathname.slice(TESTS.pathname.length));
  assertEquals(found, ["support/temporary_directory.ts"]);
});
