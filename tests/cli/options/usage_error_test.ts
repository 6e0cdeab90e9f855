import { assertEquals } from "@std/assert";
import { didYouMean, nearest, oneOf } from "../../../lib/cli/options/usage_error.ts";

const KNOWN = ["listen", "data", "max-connections", "no-web"];

Deno.test("nearest() finds the word behind a typo", () => {
  for (
    const [word, meant] of [
      ["liste", "listen"],
      ["LISTEN", "listen"],
      ["dtaa", "data"],
      ["maxconnections", "max-connections"],
      ["max_connection", "max-connections"],
    ]
  ) assertEquals(nearest(word, KNOWN), meant);
});

Deno.test("nearest() returns nothing if no known word is close", () => {
  for (const word of ["x", "port", "verbose", ""]) assertEquals(nearest(word, KNOWN), undefined);
  assertEquals(nearest("listen", []), undefined);
});

Deno.test("didYouMean() ends a sentence with the guess, or not at all", () => {
  const show = (guess: string) => `--${guess}`;
  assertEquals(didYouMean("liste", KNOWN, show), ": did you mean --listen?");
  assertEquals(didYouMean("verbose", KNOWN, show), "");
});

Deno.test("oneOf() joins words with commas and an or before the last", () => {
  assertEquals(oneOf(["chat"]), "chat");
  assertEquals(oneOf(["normal", "full"]), "normal or full");
  assertEquals(oneOf(["debug", "info", "error"]), "debug, info or error");
});
