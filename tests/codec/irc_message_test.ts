import { assertEquals } from "@std/assert";
import {
  escapeTagValue,
  formatIrcMessage,
  type IrcMessage,
  parseIrcMessage,
  tagBytes,
  unescapeTagValue,
} from "../../lib/codec/irc_message.ts";

function parsed(line: string) {
  const message = parseIrcMessage(line);
  return message && { ...message, tags: Object.fromEntries(message.tags) };
}

Deno.test("parseIrcMessage() reads tags, source, verb and parameters", () => {
  assertEquals(parsed("@id=5;+ex.com/a=b :ann!~a@host PRIVMSG #lobby :hello, world"), {
    tags: { id: "5", "+ex.com/a": "b" },
    source: "ann!~a@host",
    verb: "PRIVMSG",
    params: ["#lobby", "hello, world"],
  });
});

Deno.test("parseIrcMessage() reads what is typed by hand: lower case and more spaces", () => {
  assertEquals(parsed("  join   #a   key  "), { tags: {}, verb: "JOIN", params: ["#a", "key"] });
  assertEquals(parsed("@a  :b  nick   :c"), {
    tags: { a: "" },
    source: "b",
    verb: "NICK",
    params: ["c"],
  });
});

Deno.test("parseIrcMessage() keeps an empty last parameter, and colons and spaces in it", () => {
  assertEquals(parseIrcMessage("JOIN :")?.params, [""]);
  assertEquals(parseIrcMessage("TOPIC #a ::) :x ")?.params, ["#a", ":) :x "]);
  assertEquals(parseIrcMessage("TOPIC #a b:c")?.params, ["#a", "b:c"]);
});

Deno.test("parseIrcMessage() finds no message in a line without a verb", () => {
  for (const line of ["", "   ", "@a=b", "@a=b ", ":source", "@a :source  ", "@", ":"]) {
    assertEquals(parseIrcMessage(line), undefined, line);
  }
});

Deno.test("parseIrcMessage() takes the last of two tags, and leaves out bad names", () => {
  const { tags } = parseIrcMessage("@a=1;a=2;;=x;b c;d=;ü=1;+=2;a/b/c=3 PING")!;
  assertEquals([...tags], [["a", "2"], ["b", ""]]);
});

Deno.test("parseIrcMessage() gives only ASCII verbs upper case", () => {
  assertEquals(parseIrcMessage("jo\u0131n")?.verb, "JO\u0131N");
});

Deno.test("unescapeTagValue() reverses escapeTagValue()", () => {
  const value = "a;b c\\d\re\nf:g=ü";
  assertEquals(escapeTagValue(value), "a\\:b\\sc\\\\d\\re\\nf:g=ü");
  assertEquals(unescapeTagValue(escapeTagValue(value)), value);
});

Deno.test("unescapeTagValue() leaves out a backslash that escapes nothing", () => {
  assertEquals(unescapeTagValue("\\a\\b\\"), "ab");
  assertEquals(unescapeTagValue("\\\u{1f600}"), "\u{1f600}");
});

Deno.test("formatIrcMessage() puts a colon before the last parameter only if it is needed", () => {
  const text = (...params: string[]) => formatIrcMessage({ verb: "X", params });
  assertEquals(text(), "X");
  assertEquals(text("a", "b"), "X a b");
  assertEquals(text("a", ""), "X a :");
  assertEquals(text("a", ":b"), "X a ::b");
  assertEquals(text("a", "b c"), "X a :b c");
  assertEquals(formatIrcMessage({ verb: "X", params: ["a", "b"], trailing: true }), "X a :b");
});

Deno.test("formatIrcMessage() writes tags, without an equals sign if the value is empty", () => {
  const tags = new Map([["time", "2026-11-21T06:30:00.000Z"], ["bot", ""], ["x", "a b"]]);
  assertEquals(
    formatIrcMessage({ tags, source: "s", verb: "PING", params: ["1"] }),
    "@time=2026-11-21T06:30:00.000Z;bot;x=a\\sb :s PING 1",
  );
});

Deno.test("formatIrcMessage() writes one line, whatever is in the parameters", () => {
  const format = (params: string[]) => formatIrcMessage({ source: "s", verb: "401", params });
  assertEquals(format(["me", "a\r\nQUIT\0", "no\r\nsuch"]), ":s 401 me a__QUIT_ :no such");
  assertEquals(format(["", ":x y", "z"]), ":s 401 * x_y z");
  assertEquals(format(["me", "::", "z"]), ":s 401 me * z");
});

Deno.test("formatIrcMessage() cuts what is too long besides its tags, between characters", () => {
  const tags = new Map([["a", "x".repeat(600)]]);
  for (const letter of ["x", "ü", "\u4e2d", "\u{1f600}"]) {
    for (let before = 0; before < 4; before++) {
      const text = "-".repeat(before) + letter.repeat(600);
      const line = formatIrcMessage({ tags, source: "s", verb: "V", params: ["a", text] });
      const body = line.slice(tagBytes(line));
      const bytes = new TextEncoder().encode(body).length;
      assertEquals([bytes > 506 && bytes <= 510, body.isWellFormed()], [true, true]);
      assertEquals(text.startsWith(body.slice(":s V a ".length)), true);
    }
  }
  const whole = { verb: "V", params: ["x".repeat(508)] };
  assertEquals(formatIrcMessage(whole).length, 510);
});

Deno.test("parseIrcMessage() reverses formatIrcMessage()", () => {
  const messages: IrcMessage[] = [
    { tags: new Map(), verb: "PING", params: [] },
    { tags: new Map([["a", ""]]), source: "ann!a@b", verb: "005", params: ["x", "", ""].slice(2) },
    { tags: new Map([["+a", "; \\"]]), verb: "PRIVMSG", params: ["#a", "b:c", " : d "] },
  ];
  for (const message of messages) {
    assertEquals(parseIrcMessage(formatIrcMessage(message)), message);
  }
});

Deno.test("tagBytes() counts bytes with the @ and the space", () => {
  assertEquals(tagBytes("PING @a b"), 0);
  assertEquals(tagBytes("@a=b PING"), 5);
  assertEquals(tagBytes("@a=ü  PING"), 6);
  assertEquals(tagBytes("@a"), 2);
});
