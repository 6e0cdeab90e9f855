import { assertEquals } from "@std/assert";
import { exactSizeText, sizeText } from "../../../lib/domain/text/size_text.ts";

Deno.test("sizeText() rounds to two or three digits, and never shows 1000 of a unit", () => {
  const sizes = [0, 1, 999, 999.6, 1000, 9949, 9951, 999_499, 999_501, 1.25e12, 5e15];
  assertEquals(sizes.map(sizeText), [
    ...["0 bytes", "1 byte", "999 bytes", "1.0 kB", "1.0 kB", "9.9 kB", "10 kB", "999 kB"],
    ...["1.0 MB", "1.3 TB", "5000 TB"],
  ]);
});

Deno.test("exactSizeText() says a limit as it was chosen", () => {
  const sizes = [500e6, 1024 ** 3, 1234, 64 * 1024, 2e12];
  assertEquals(sizes.map(exactSizeText), ["500 MB", "1 GiB", "1,234 bytes", "64 KiB", "2 TB"]);
});
