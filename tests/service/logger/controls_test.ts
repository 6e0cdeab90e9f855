import { assertEquals } from "@std/assert";
import { parseControl, Preamble, withoutSecret } from "../../../lib/service/logger/controls.ts";

Deno.test("parseControl() recognises the requests to the logger", () => {
  assertEquals<unknown>(
    [
      "@build",
      "@é_1.x-y",
      "@ack 100",
      "@ack  1",
      "@resume",
      "@resume #480",
      "@resume 480",
      "@receipt ",
      "@token pl_x",
      "@token\tx ",
      "@token",
    ]
      .map(parseControl),
    [
      { kind: "name", name: "build" },
      { kind: "name", name: "é_1.x-y" },
      { kind: "ack", lines: 100 },
      { kind: "ack", lines: 1 },
      { kind: "resume", seq: undefined },
      { kind: "resume", seq: 480 },
      { kind: "resume", seq: 480 },
      { kind: "receipt" },
      { kind: "token", secret: "pl_x" },
      { kind: "token", secret: "x" },
      { kind: "name", name: "token" },
    ],
  );
});

Deno.test("parseControl() takes anything else for a log line", () => {
  const others = [
    "",
    "@",
    "build",
    " @build",
    "@a b",
    "@ack 0",
    "@ack -1",
    "@ack 1234567890",
    "@resume #x",
    "@import url(x)",
    "@a/b",
    `@${"x".repeat(65)}`,
    "@\u3164",
  ];
  assertEquals(others.map(parseControl), others.map(() => undefined));
});

Deno.test("withoutSecret() leaves a misplaced secret out, and all other lines alone", () => {
  const left = "@token (a secret, left out)";
  assertEquals(["@token pl_x", " @token  pl_x y", "\t@token\tpl_"].map(withoutSecret), [
    left,
    `${left} y`,
    left,
  ]);
  const others = ["", "@token", "@token x", "x @token pl_x", "@tokens pl_x", " x", "@build"];
  assertEquals(others.map(withoutSecret), others);
});

Deno.test("Preamble.read() ends at the first log line", () => {
  const preamble = new Preamble();
  assertEquals(preamble.read(["@a", "@ack 1"]).length, 2);
  assertEquals(preamble.isOver, false);
  assertEquals(preamble.read(["@receipt", "x", "@resume"]).length, 1);
  assertEquals(preamble.isOver, true);
});

Deno.test("Preamble.read() takes a repeated request for a log line", () => {
  const preamble = new Preamble();
  assertEquals(preamble.read(["@Override", "@Test", "void x()"]), [{
    kind: "name",
    name: "Override",
  }]);
  assertEquals(preamble.isOver, true);
});
