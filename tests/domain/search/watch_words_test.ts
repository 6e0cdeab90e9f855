import { assertEquals } from "@std/assert";
import { WatchWords } from "../../../lib/domain/search/watch_words.ts";

function found(words: string, text: string): string[] {
  return WatchWords.parse(words)!.find(text).map(({ start, end }) => text.slice(start, end));
}

Deno.test("WatchWords.find() finds whole words, whatever their case, accents and neighbours", () => {
  assertEquals(found("db3", "DB3: db3.example.com/db3_x db34 (db3)"), ["DB3", "db3", "db3", "db3"]);
  assertEquals(found("café", "the CAFE is a cafe\u0301"), ["CAFE", "cafe\u0301"]);
  assertEquals(found("web-1", "web-1 and web 1, not web-11"), ["web-1", "web 1"]);
  assertEquals(found("你", "你好"), ["你"]);
  assertEquals(found("b,a", "a b"), ["a", "b"]);
  assertEquals(WatchWords.none.find("anything"), []);
});

Deno.test("WatchWords.parse() refuses words without letters, long ones, and too many", () => {
  assertEquals(WatchWords.parse("")?.text, undefined);
  assertEquals(WatchWords.parse(",,")?.text, undefined);
  assertEquals(WatchWords.parse("a,&")?.text, undefined);
  assertEquals(WatchWords.parse("a".repeat(33))?.text, undefined);
  assertEquals(WatchWords.parse("𐐨".repeat(33))?.text, undefined);
  assertEquals(WatchWords.parse("𐐨".repeat(32))?.text, "𐐨".repeat(32));
  assertEquals(WatchWords.parse(Array.from({ length: 21 }, (_, n) => n).join())?.text, undefined);
  assertEquals(WatchWords.parse(" a,b  c,a ")?.text, "a,b,c");
});

Deno.test("WatchWords.areIn() looks at what is said and logged only", () => {
  const words = WatchWords.parse("tea")!;
  const areIn = (kind: "message" | "action" | "log" | "join" | "topic") =>
    words.areIn({ kind, body: "tea time" });
  assertEquals(
    ["message", "action", "log", "join", "topic"].map((kind) => areIn(kind as "message")),
    [true, true, true, false, false],
  );
});

Deno.test("WatchWords.mayBeAmong() never misses a word", () => {
  const words = WatchWords.parse("web-1")!;
  assertEquals(words.mayBeAmong(new Set(["the", "web"])), true);
  assertEquals(words.mayBeAmong(new Set(["the", "webs"])), false);
});
