import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { parseQuery } from "../../../lib/domain/search/parse_query.ts";
import type { NamePattern, SearchCondition } from "../../../lib/domain/search/search_query.ts";

const NOW = Date.UTC(2026, 10, 21, 6, 30);

/** The conditions of a query in a short form, without the one for joins and parts. */
function parse(text: string): string[] {
  return parseQuery(text, NOW).conditions.map(shown)
    .filter((condition) => condition !== "-kind(join,part,react,unreact)");
}

function shown(condition: SearchCondition): string {
  const sign = condition.isNegated ? "-" : "";
  const names = (patterns: readonly NamePattern[]) =>
    patterns.map(({ key, isPrefix, isPart }) => (isPart ? "/" : "") + key + (isPrefix ? "*" : ""))
      .join();
  switch (condition.type) {
    case "text":
      return `${sign}${condition.phrase.words.join("+")}${condition.phrase.isPrefix ? "*" : ""}`;
    case "from":
    case "in":
      return `${sign}${condition.type}(${names(condition.names)})`;
    case "kind":
      return `${sign}kind(${condition.kinds.join()})`;
    case "level":
      return `${sign}level(${condition.levels.join()})`;
    case "field":
      return `${sign}${condition.path}=${
        condition.values.map(({ text, isPrefix }) => text + (isPrefix ? "*" : "")).join("|")
      }`;
    case "before":
    case "after":
      return `${sign}${condition.type}(${new Date(condition.at).toISOString()})`;
    case "link":
      return `${sign}link`;
  }
}

Deno.test("parseQuery() returns a condition for each word, and one for a phrase", () => {
  assertEquals(parse("Disk full"), ["disk", "full"]);
  assertEquals(parse('"Disk  FULL" now'), ["disk+full", "now"]);
  assertEquals(parse("“disk full”"), ["disk+full"]);
  assertEquals(parse("  10.0.0.7:514 user_name "), ["10+0+0+7+514", "user+name"]);
  assertEquals(parse('conn* "connection ref"* a*b'), ["conn*", "connection+ref*", "a+b"]);
});

Deno.test("parseQuery() treats text with colons, dashes and arrows as text", () => {
  assertEquals(parse("http://x.org/a"), ["http+x+org+a"]);
  assertEquals(parse("error:timeout 06:30"), ["error+timeout", "06+30"]);
  assertEquals(parse('msg:"disk full"'), ["msg+disk+full"]);
  assertEquals(parse("--verbose -> => - a"), ["verbose", "a"]);
  assertEquals(parse('"from:jack"'), ["from+jack"]);
});

Deno.test("parseQuery() negates words after a minus", () => {
  assertEquals(parse("error -debug"), ["error", "-debug"]);
  assertEquals(parse('-"disk full" -from:bot -has:link'), ["-disk+full", "-from(bot)", "-link"]);
  assertEquals(parse("x-y"), ["x+y"]);
});

Deno.test("parseQuery() accepts filters in any case, with quoted values or lists", () => {
  assertEquals(parse("from:Jack FROM:web*"), ["from(jack,web*)"]);
  assertEquals(parse('from:"host app",other in:#Ops'), ["from(host app)", "other", "in(ops)"]);
  assertEquals(parse("source:nginx,Web1 from:ann"), ["from(/nginx,/web1,ann)"]);
  assertEquals(parse("in:ops,lobby kind:log,gap"), ["in(ops,lobby)", "kind(log,gap)"]);
  assertEquals(parse("level:error level:0"), ["level(err,emerg)"]);
  assertEquals(parse("level:err+"), ["level(emerg,alert,crit,err)"]);
  assertEquals(parse("has:link"), ["link"]);
  assertEquals(parse("after:2h before:2026-11-21T06:00:00Z"), [
    "after(2026-11-21T04:30:00.000Z)",
    "before(2026-11-21T06:00:00.000Z)",
  ]);
  assertEquals(parse('after:"2026-11-20 06:00:00Z"'), ["after(2026-11-20T06:00:00.000Z)"]);
});

Deno.test("parseQuery() accepts filters for fields, whose values are not split into words", () => {
  assertEquals(parse("host:Web1 app:nginx,php*"), ["host=web1", "app=nginx|php*"]);
  assertEquals(parse("field.status:500 -FIELD.http.Path:/API/*"), [
    "status=500",
    "-http.path=/api/*",
  ]);
  assertEquals(parse('field.msg:"Disk, full" field.msg:"a b"*'), ["msg=disk, full|a b*"]);
  assertEquals(parse("field.url:http://x/y field.a:1 field.b:1"), ["url=http://x/y", "a=1", "b=1"]);
  assertEquals(parse('field.empty:""'), ["empty="]);
  // Neither has a name behind the dot.
  assertEquals(parse("field:x field.:x"), ["field+x", "field+x"]);
  assertEquals(parse("post:x"), ["post+x"]);
});

Deno.test("parseQuery() leaves out joins and parts unless kinds are given", () => {
  const kinds = (text: string) =>
    parseQuery(text, NOW).conditions.filter(({ type }) => type === "kind").map(shown);
  assertEquals(kinds("from:jack"), ["-kind(join,part,react,unreact)"]);
  assertEquals(kinds("from:jack -kind:log"), ["-kind(log)", "-kind(join,part,react,unreact)"]);
  assertEquals(kinds("from:jack kind:join"), ["kind(join)"]);
});

Deno.test("parseQuery() accepts up to 1,000 characters", () => {
  const word = "𐐨".repeat(1000);
  assertEquals(parse(word), [word]);
});

Deno.test("parseQuery() says what is wrong and what to write instead", () => {
  for (
    const [text, sentence] of [
      ["", "Say what to search for; a word is enough."],
      ["  ", "Say what to search for; a word is enough."],
      [
        "&",
        "There is no word in &. Search for letters or digits, or use filters alone, such as in:log.",
      ],
      [
        '* -> in:log "+"',
        'There is no word in * -> "+". Search for letters or digits, or use filters alone, such as ' +
        "in:log.",
      ],
      ['"', 'The closing " of a phrase is missing.'],
      ['disk "full', 'The closing " of a phrase is missing.'],
      ["from:", "Write something after from:, a name or a source."],
      ["from:, x", "Write something after from:, a name or a source."],
      ['in:""', "Write something after in:, a room."],
      ["host:", "Write something after host:, the name of a machine."],
      ["field.status:", "Write something after field.status:, a value of the field."],
      [
        "kind:logs",
        "There is no kind:logs. Kinds are message, action, log, join, part, topic, notice, gap, nick, moderation, redaction, react, unreact, pin and unpin.",
      ],
      [
        "level:loud",
        "There is no level:loud. Levels are emerg, alert, crit, err, warning, notice, info and debug; " +
        "err+ is err and anything more severe.",
      ],
      [
        "before:soon",
        "before:soon is not a time. Write a day (2026-11-21), a day and time (2026-11-21T06:30), " +
        "a time today (06:30), a time ago (2h, 30m, 7d), today or yesterday.",
      ],
      ["has:image", "There is no has:image. Write has:link."],
      [
        "form:jack",
        'Did you mean from: instead of form:? To search for it as text, write "form:jack".',
      ],
      ["x".repeat(1001), "Queries may have at most 1000 characters; this one has 1001."],
      ["x ".repeat(33), "Queries may have at most 32 words and filters."],
    ]
  ) {
    const error = assertThrows(() => parseQuery(text, NOW), DomainError);
    assertEquals([error.code, error.message], ["bad-query", sentence]);
  }
});
