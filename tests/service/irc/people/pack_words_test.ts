import { assertEquals } from "@std/assert";
import { packWords } from "../../../../lib/service/irc/people/pack_words.ts";

Deno.test("packWords() fills each text as far as whole words fit", () => {
  assertEquals([...packWords(["ann", "bob", "cem", "dora"], " ", 7)], ["ann bob", "cem", "dora"]);
  assertEquals([...packWords(["ann", "bob", "cem"], ",", 11)], ["ann,bob,cem"]);
});

Deno.test("packWords() counts bytes, not characters", () => {
  assertEquals([...packWords(["üü", "üü"], " ", 8)], ["üü", "üü"]);
  assertEquals([...packWords(["üü", "üü"], " ", 9)], ["üü üü"]);
});

Deno.test("packWords() gives a word that is too long a text of its own", () => {
  assertEquals([...packWords(["a", "abcdefgh", "b"], " ", 4)], ["a", "abcdefgh", "b"]);
});

Deno.test("packWords() makes no text of no words", () => {
  assertEquals([...packWords([])], []);
});
