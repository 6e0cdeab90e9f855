import { assert, assertEquals } from "@std/assert";
import { compileGlob, globMatches } from "../../../lib/domain/text/glob.ts";
import { SeededRandom } from "../../support/random.ts";

Deno.test("globMatches() takes * for any text and ? for one character", () => {
  const cases: readonly [pattern: string, text: string, matches: boolean][] = [
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "anything", true],
    ["?", "", false],
    ["?", "a", true],
    ["?", "\u{1f600}", true],
    ["??", "\u{1f600}", false],
    ["a*c", "abbbc", true],
    ["a*c", "abbbcd", false],
    ["*a*b*", "xxayyb", true],
    ["*a?c", "abcabdabc", true],
    ["*a?c", "abcabd", false],
    ["**a", "ba", true],
    ["a.c", "abc", false],
    ["[a]", "a", false],
  ];
  for (const [pattern, text, matches] of cases) {
    assertEquals(globMatches(pattern, text), matches, `${pattern} and ${text}`);
  }
});

Deno.test("globMatches() agrees with a search that tries everything", () => {
  const random = new SeededRandom(7);
  const word = (letters: string, most: number) =>
    Array.from({ length: random.int(most) }, () => letters[random.int(letters.length)]).join(
      "",
    );
  for (let round = 0; round < 20_000; round++) {
    const [pattern, text] = [word("ab*?", 8), word("ab", 10)];
    const expected = matchesSlowly(pattern, text);
    assertEquals(globMatches(pattern, text), expected, `${pattern} ${text}`);
    assertEquals(compileGlob(pattern)(text), expected, `${pattern} ${text}`);
  }
});

function matchesSlowly(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern[0] === "*") {
    return matchesSlowly(rest, text) || (text !== "" && matchesSlowly(pattern, text.slice(1)));
  }
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) &&
    matchesSlowly(rest, text.slice(1));
}

Deno.test("globMatches() is quick when a pattern is made to be slow", () => {
  // There is no time limit: with every length of each `*` tried, this would not end.
  assert(!globMatches("*a".repeat(500) + "b", "a".repeat(10_000)));
});
