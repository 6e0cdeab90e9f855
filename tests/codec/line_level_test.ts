import { assertEquals } from "@std/assert";
import { levelOfLine } from "../../lib/codec/line_level.ts";

function levels(...lines: string[]): (string | undefined)[] {
  return lines.map(levelOfLine);
}

Deno.test("levelOfLine() reads a level word that begins a line", () => {
  assertEquals(
    levels("ERROR: disk full", "Error: disk full", "error: disk full", "WARN disk", "NOTICE: x"),
    ["err", "err", "err", "warning", "notice"],
  );
});

Deno.test("levelOfLine() reads a level in brackets, also after the name of a module", () => {
  assertEquals(
    levels("[error] x", "<warn>  [1234] x", "(INFO) x", "[core:error] [pid 1] x"),
    ["err", "warning", "info", "err"],
  );
});

Deno.test("levelOfLine() reads a level after the time", () => {
  assertEquals(
    levels(
      "2026-11-21 06:59:27,123 ERROR foo",
      "2026/11/21 06:59:27 [error] 12#0: x",
      "[Sat Nov 21 06:59:27.1 2026] [core:error] [pid 1] x",
      "[2026-11-21 06:59] WARN x",
      "2026-11-21T06:59:27.000Z  INFO 1 --- [main] x",
      "06:59:27.123 [main] WARN com.foo",
    ),
    ["err", "err", "err", "warning", "info", "warning"],
  );
});

Deno.test("levelOfLine() reads klog's letters and logfmt's pairs", () => {
  assertEquals(
    levels(
      "E0204 12:34:56.789012    1234 file.go:12] x",
      "W0204 12:34:56.789012    1234 file.go:12] x",
      'ts=1 level=error msg="x y"',
      'level="warn" msg=x',
      "time=06:59 level=INFO+2 msg=x",
    ),
    ["err", "warning", "err", "warning", "info"],
  );
});

Deno.test("levelOfLine() does not take a word of a sentence for a level", () => {
  const lines = [
    "",
    "info desk is closed",
    "errors: 3",
    "information is power",
    "hello ERROR",
    "DEBUG-ish",
    "E1234",
    "xlevel=error",
    "[77] x",
    `2026-11-21 06:59:27 ${"x".repeat(96)} ERROR`,
  ];
  assertEquals(levels(...lines), lines.map(() => undefined));
});
