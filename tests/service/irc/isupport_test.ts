import { assertEquals } from "@std/assert";
import {
  encodeIsupport,
  isupportLines,
  isupportTokens,
} from "../../../lib/service/irc/isupport.ts";

Deno.test("isupportTokens() are printable ASCII, and each parameter occurs once", () => {
  const tokens = isupportTokens("Café = home");
  assertEquals(tokens.filter((token) => !/^[A-Z0-9]+(=[!-~]*)?$/.test(token)), []);
  const names = tokens.map((token) => token.split("=")[0]);
  assertEquals(new Set(names).size, names.length);
  assertEquals(tokens[0], "NETWORK=Caf\\xC3\\xA9\\x20\\x3D\\x20home");
});

Deno.test("isupportTokens() has the limits of names as they are", () => {
  const tokens = isupportTokens("Partyline");
  // A room's name has up to 64 characters, and a channel's one more.
  for (const token of ["NICKLEN=32", "CHANNELLEN=65", "CHANLIMIT=#:50"]) {
    assertEquals(tokens.includes(token), true, token);
  }
});

Deno.test("isupportLines() has at most 13 tokens in a line, and loses none", () => {
  const tokens = Array.from({ length: 30 }, (_, index) => `T${index}`);
  const lines = isupportLines(tokens);
  assertEquals(lines.map(({ length }) => length), [13, 13, 4]);
  assertEquals(lines.flat(), tokens);
});

Deno.test("encodeIsupport() keeps what a value may have", () => {
  assertEquals(encodeIsupport("Party-line.1"), "Party-line.1");
  assertEquals(encodeIsupport("\\"), "\\x5C");
});
