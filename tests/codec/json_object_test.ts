import { assertEquals } from "@std/assert";
import { parseJsonObject } from "../../lib/codec/json_object.ts";

Deno.test("parseJsonObject() reads an object", () => {
  const line = '{"level":"error","msg":"disk full","at":{"disk":"/var","used":1}}';
  assertEquals<unknown>(parseJsonObject(line), JSON.parse(line));
  assertEquals<unknown>(parseJsonObject("{}"), {});
});

Deno.test("parseJsonObject() reads an object with JSON white space around it", () => {
  for (const line of ['{"a":1} ', ' \t{"a":1}', '\n{"a":1}\r\n']) {
    assertEquals<unknown>(parseJsonObject(line), { a: 1 }, JSON.stringify(line));
  }
  const others = [" ", " \t\n", '\u00a0{"a":1}', '{"a":1}\u2028', " ".repeat(60_000)];
  assertEquals(others.map(parseJsonObject), others.map(() => undefined));
});

Deno.test("parseJsonObject() does not take other text for an object", () => {
  const others = [
    "",
    "{",
    "}",
    "{a}",
    "[1]",
    '"a"',
    "1",
    "null",
    '{"a":1',
    "{a} ",
    '\ufeff{"a":1}',
  ];
  assertEquals(others.map(parseJsonObject), others.map(() => undefined));
});

Deno.test("parseJsonObject() takes an object that is nested too deep for text", () => {
  const nested = (depth: number) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
  assertEquals(parseJsonObject(nested(32)) === undefined, false);
  assertEquals(parseJsonObject(nested(33)), undefined);
  assertEquals(parseJsonObject(nested(10_000)), undefined);
  assertEquals(parseJsonObject(`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`), undefined);
});

Deno.test("parseJsonObject() keeps a key called __proto__ as a key", () => {
  const object = parseJsonObject('{"__proto__":{"x":1}}')!;
  assertEquals(JSON.stringify(object), '{"__proto__":{"x":1}}');
  assertEquals(object.x, undefined);
});

Deno.test("parseJsonObject() keeps an object with more than 512 members in all as text", () => {
  const wide = (count: number) => JSON.stringify({ a: Array.from({ length: count }, () => 1) });
  assertEquals(parseJsonObject(wide(511)) === undefined, false);
  assertEquals(parseJsonObject(wide(512)), undefined);
  assertEquals(parseJsonObject(`{"a":${wide(300)},"b":${wide(300)}}`), undefined);
});
