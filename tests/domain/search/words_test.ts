import { assertEquals } from "@std/assert";
import { findPhrase, fold, FoldedText, wordsOf } from "../../../lib/domain/search/words.ts";

function words(text: string): string[] {
  return wordsOf(fold(text));
}

Deno.test("wordsOf() returns sequences of letters and digits", () => {
  assertEquals(words("GET /api/v1 200 12ms user=jack_b"), [
    ...["get", "api", "v1", "200", "12ms", "user", "jack", "b"],
  ]);
  assertEquals(words(""), []);
  assertEquals(words(" -- => \0\t"), []);
});

Deno.test("fold() equates words that differ in case, accents or width", () => {
  for (const text of ["café", "CAFÉ", "cafe\u0301", "ＣＡＦＥ", "c\u00adaf\u200be"]) {
    assertEquals(words(text), ["cafe"], text);
  }
  assertEquals(words("ΣΊΣΥΦΟΣ"), words("σίσυφος"));
  assertEquals(words("Straße"), words("STRASSE"));
  assertEquals(words("ﬁne ½"), ["fine", "1", "2"]);
  // Marks that act as letters in their script stay.
  assertEquals(words("कि की"), ["कि", "की"]);
});

Deno.test("wordsOf() returns one word for each character in scripts without spaces", () => {
  assertEquals(words("東京タワー"), ["東", "京", "タ", "ワ", "ー"]);
  assertEquals(words("abc会議def"), ["abc", "会", "議", "def"]);
  assertEquals(words("ok👍👩‍💻"), ["ok", "👍", "👩", "💻"]);
});

/** The text that a phrase matches, or -1. */
function find(text: string, phrase: string, isPrefix = false): string | undefined {
  const folded = fold(text);
  const range = findPhrase(folded, { words: words(phrase), isPrefix });
  return range && folded.slice(range.start, range.end);
}

Deno.test("findPhrase() finds whole words only, next to each other", () => {
  assertEquals(find("Connection refused: timeout", "connection refused"), "connection refused");
  assertEquals(find("connection: [refused]", "connection refused"), "connection: [refused");
  assertEquals(find("connection is refused", "connection refused"), undefined);
  assertEquals(find("reconnection refused", "connection refused"), undefined);
  assertEquals(find("connection refusedly", "connection refused"), undefined);
  assertEquals(find("timeouts timeout", "timeout"), "timeout");
  assertEquals(find("10.0.0.71 10.0.0.7:514", "10.0.0.7"), "10.0.0.7");
  assertEquals(find("a a a b", "a a b"), "a a b");
  assertEquals(find("会議室で会議", "会議"), "会議");
  assertEquals(find("abc会議", "会 議"), "会議");
  assertEquals(find("𝒜b𝒜", "ab"), undefined);
});

Deno.test("findPhrase() extends a prefix to the end of the word", () => {
  assertEquals(find("connection refused", "conn", true), "connection");
  assertEquals(find("connection refused", "connection ref", true), "connection refused");
  assertEquals(find("reconnect", "conn", true), undefined);
  assertEquals(find("conn", "conn", true), "conn");
});

Deno.test("FoldedText.find() returns ranges of the source", () => {
  const find = (text: string, phrase: string, isPrefix = false) =>
    new FoldedText(text).find({ words: words(phrase), isPrefix })
      .map(({ start, end }) => text.slice(start, end));
  assertEquals(find("Error: no ERROR, errors", "error"), ["Error", "ERROR"]);
  assertEquals(find("un Café, deux cafe\u0301s", "cafe", true), ["Café", "cafe\u0301s"]);
  assertEquals(find("👍 ﬁne ½x", "fine"), ["ﬁne"]);
  assertEquals(find("ﬁne ﬁ", "f", true), ["ﬁne", "ﬁ"]);
  assertEquals(find("e\u0301e\u0301", "ee"), ["e\u0301e\u0301"]);
  assertEquals(find("nothing", "error"), []);
});
