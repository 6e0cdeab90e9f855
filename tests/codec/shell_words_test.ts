import { assertEquals } from "@std/assert";
import { shellWords } from "../../lib/codec/shell_words.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";

const textsOf = (line: string) => shellWords(line).map(({ text }) => text);

Deno.test("shellWords() takes quotes and backslashes as a shell does", () => {
  const cases: readonly [line: string, ...words: string[]][] = [
    ["", ...[]],
    ["  a \t b\nc ", "a", "b", "c"],
    [`"release 4.2" 'is out'`, "release 4.2", "is out"],
    [`'it'\\''s' "" ''`, "it's", "", ""],
    [`a"b c"d'e f'`, "ab cde f"],
    [`"say \\"hi\\" \\n \\\\"`, `say "hi" \\n \\`],
    [`'a\\b' a\\b a\\ b`, "a\\b", "ab", "a b"],
    [`--from=x --since "2 h"`, "--from=x", "--since", "2 h"],
  ];
  for (const [line, ...words] of cases) assertEquals(textsOf(line), words, line);
});

Deno.test("shellWords() runs no shell: other characters stand for themselves", () => {
  const line = "a; b|c >d && $HOME `id` *.ts #12 ~ !! {x,y}";
  assertEquals(textsOf(line), line.split(" "));
});

Deno.test("shellWords() takes a quote without a partner for an apostrophe", () => {
  assertEquals(textsOf("it's done"), ["it's", "done"]);
  assertEquals(textsOf('a 5" disk'), ["a", '5"', "disk"]);
  assertEquals(textsOf("end\\"), ["end\\"]);
});

Deno.test("shellWords() says where words begin", () => {
  const line = `say  ops "a b"  c`;
  assertEquals(shellWords(line).map(({ start }) => line.slice(start)[0]), ["s", "o", '"', "c"]);
});

Deno.test("shellWords() reads back words that were quoted", () => {
  const random = new SeededRandom(SEED);
  const alphabet = [...`ab '"\\$;\n`];
  for (let round = 0; round < rounds(2000, 100_000); round++) {
    const words = Array.from(
      { length: random.int(5) },
      () =>
        Array.from({ length: random.int(6) }, () => alphabet[random.int(alphabet.length)]).join(""),
    );
    const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    assertEquals(textsOf(line), words, line);
  }
});

// There is no time limit here: with time that grows with the square this would take minutes.
Deno.test("shellWords() takes time in proportion to the line", () => {
  for (const piece of [`"`, `'`, "\\", `"\\`, `'"`, `"'`, `a"\\"`]) {
    const line = piece.repeat(300_000 / piece.length);
    assertEquals(shellWords(line).length, 1, piece);
  }
});
