import { assert, assertEquals } from "@std/assert";
import { fold, wordsOf } from "../../../lib/domain/search/words.ts";
import {
  hashOfNumber,
  indexedWord,
  isNumberLike,
  prefixMark,
} from "../../../lib/store/sqlite/search/index_words.ts";
import { WordScanner } from "../../../lib/store/sqlite/search/word_scanner.ts";
import { SeededRandom } from "../../support/random.ts";
import { SEED } from "../../support/rounds.ts";

/** The distinct contents of a scanner, sorted. */
function contents(scanner: WordScanner): { words: string[]; numbers: number[] } {
  const words = new TextDecoder().decode(scanner.words).split(" ").filter((word) => word !== "");
  return { words: [...new Set(words)].sort(), numbers: [...new Set(scanner.numbers)].sort() };
}

function scan(texts: unknown[], hashesNumbers = false) {
  const scanner = new WordScanner();
  scanner.begin(hashesNumbers);
  for (const text of texts) scanner.scan(JSON.stringify(text));
  return contents(scanner);
}

Deno.test("WordScanner.scan() collects each word once, folded, without the letters of escapes", () => {
  assertEquals(scan([["Disk full", "disk FULL: /dev/sda1"]]).words, [
    "dev",
    "disk",
    "full",
    "sda1",
  ]);
  assertEquals(scan([['a\nb\tc\0d"e\\f\u001bg\ud800h']]).words, [..."abcdefgh"]);
  assertEquals(scan([["Café", "CAFE", "会議 ok"]]).words, ["cafe", "ok", "会", "議"]);
  assertEquals(scan([[{ level: "err", "key name": [1.5, null] }]]).words, [
    ...["1", "5", "err", "key", "level", "name", "null"],
  ]);
});

Deno.test("WordScanner.scan() collects the words of a text as shown, and those overwritten", () => {
  const { words } = scan([["\x1b[31mERR\x1b[4mOR\x1b[0m: zq1", { log: "5 of 10\r10" }]]);
  for (const word of ["error", "zq1", "5", "of", "10"]) assert(words.includes(word), word);
  const hashed = scan([["\x1b[1mzq\x1b[0m1"]], true);
  assert(hashed.numbers.includes(hashOfNumber("zq1")));
});

Deno.test("WordScanner.scan() hashes number-like words, and adds a mark of their letters", () => {
  const { words, numbers } = scan([["req8f3a 200 v2 Req8F3A é9 9é plain"]], true);
  assertEquals(words, ["plain", ...["", "e", "req", "v"].map(prefixMark)]);
  assertEquals(numbers, ["req8f3a", "200", "v2", "e9", "9e"].map(hashOfNumber).sort());
});

Deno.test("WordScanner.begin() forgets the block before", () => {
  const scanner = new WordScanner();
  scanner.begin(true);
  scanner.scan('["one a1 café"]');
  scanner.begin(false);
  scanner.scan('["two a1 café"]');
  assertEquals(contents(scanner), { words: ["a1", "cafe", "two"], numbers: [] });
});

Deno.test("WordScanner.scan() has room for 100,000 words, and for long ones", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `word${index} w${index}x`);
  const { words } = scan([many]);
  assertEquals(words.length, 200_000);
  const apart = scan([many], true);
  assertEquals(apart.numbers.length, 200_000);
  const long = "x".repeat(300_000);
  assertEquals(scan([[long]]).words, ["x".repeat(64)]);
  assertEquals(scan([["é".repeat(1000)]]).words, ["e".repeat(64)]);
  assertEquals(scan([["会".repeat(1000)]]).words, ["会"]);
  assertEquals(scan([["ж".repeat(1000)]]).words, ["ж".repeat(32)]);
});

Deno.test("WordScanner.scan() collects a long word once, however often it comes", () => {
  const scanner = new WordScanner();
  scanner.begin(false);
  for (let time = 0; time < 3; time++) scanner.scan(`["${"x".repeat(90)}"]`);
  assertEquals(new TextDecoder().decode(scanner.words), `${"x".repeat(64)} `);
});

Deno.test("WordScanner.hasLink recognises links", () => {
  const hasLink = (text: string) => {
    const scanner = new WordScanner();
    scanner.begin(false);
    scanner.scan(JSON.stringify([text]));
    return scanner.hasLink;
  };
  assertEquals(["see http://x.org", "HTTPS://x", "见https://x.org"].map(hasLink), [
    true,
    true,
    true,
  ]);
  assertEquals(["see http", "ftp://x.org", "http:/x", "https: //x"].map(hasLink), [
    ...[false, false, false, false],
  ]);
});

Deno.test("WordScanner.scan() collects the words that wordsOf() returns, for any text", () => {
  const random = new SeededRandom(SEED);
  const pieces = [
    ...'aAzZ09_-. :/"\\\n\0é́ßﬁΣς会ー👍‍½ﷺİı',
    "http://",
    "10.0.0.1",
    "\ud800",
    "word",
    "x".repeat(70),
  ];
  const scanner = new WordScanner();
  for (let round = 0; round < 3000; round++) {
    const texts = Array.from({ length: 1 + random.int(4) }, () => {
      const length = random.int(20);
      return Array.from({ length }, () => random.pick(pieces)).join("").normalize("NFC");
    });
    const hashes = random.int(2) > 0;
    scanner.begin(hashes);
    scanner.scan(JSON.stringify(texts));
    const all = texts.flatMap((text) => wordsOf(fold(text)));
    const apart = hashes ? all.filter(isNumberLike) : [];
    const words = new Set(all.filter((word) => !apart.includes(word)).map(indexedWord));
    for (const word of apart) words.add(prefixMark(/^[a-z]*/.exec(word)![0]));
    assertEquals(
      contents(scanner),
      { words: [...words].sort(), numbers: [...new Set(apart.map(hashOfNumber))].sort() },
      `seed ${SEED}, round ${round}: ${JSON.stringify(texts)}`,
    );
  }
});
