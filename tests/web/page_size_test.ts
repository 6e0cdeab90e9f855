import { assertLess } from "@std/assert";
import { gzipSync } from "node:zlib";
import { ASSETS } from "../../lib/web/page_assets.ts";

Deno.test("The page, with all that it may load, takes less than 70 KiB compressed", () => {
  const sizes = Object.values(ASSETS).map(({ text }) => gzipSync(text, { level: 9 }).length);
  assertLess(sizes.reduce((sum, size) => sum + size, 0), 70 * 1024);
});
