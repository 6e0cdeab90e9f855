import { assertEquals } from "@std/assert";
import { cutToHeight, type Layout, layOut } from "../../lib/editor/layout.ts";
import { reflowOf, rowsAboveCaret, settleMsOf } from "../../lib/editor/reflow.ts";

/** The rows, with `~` after those where the terminal wraps by itself, then the cursor's position. */
function describe(layout: Layout): string[] {
  const { rows, caretRow, caretColumn } = layout;
  const shown = rows.map(({ text, wraps }) => wraps ? `${text}~` : text);
  return [...shown, `${caretRow},${caretColumn}`];
}

const lay = (text: string, columns: number, cursor = text.length, prompt = ">") =>
  layOut({ prompt, text, cursor }, columns);

Deno.test("layOut() breaks rows where the terminal wraps, and leaves a column for the cursor", () => {
  assertEquals(describe(lay("", 10)), ["> ", "0,2"]);
  assertEquals(describe(lay("1234567", 10)), ["> 1234567", "0,9"]);
  assertEquals(describe(lay("12345678", 10)), ["> 12345678~", "", "1,0"]);
  assertEquals(describe(lay("12345678", 10, 3)), ["> 12345678", "0,5"]);
  assertEquals(describe(lay("1234567890", 10, 8)), ["> 12345678~", "90", "1,0"]);
  assertEquals(describe(lay("abc", 10, 0, "")), ["abc", "0,0"]);
});

Deno.test("layOut() never splits a wide character", () => {
  assertEquals(describe(lay("1234567你", 10)), ["> 1234567~", "你", "1,2"]);
  assertEquals(describe(lay("123456你", 10)), ["> 123456你~", "", "1,0"]);
});

Deno.test("layOut() ends a row early if its width is uncertain", () => {
  assertEquals(describe(lay("12345🎉7", 10)), ["> 12345🎉7", "", "1,0"]);
  assertEquals(describe(lay("1234567🎉", 10)), ["> 1234567", "🎉", "1,2"]);
  assertEquals(describe(lay("1👨‍👩‍👧7", 10, 0)), ["> 1👨‍👩‍👧7", "0,2"]);
  assertEquals(describe(lay("1👨‍👩‍👧👨‍👩‍👧", 10)), ["> 1👨‍👩‍👧", "👨‍👩‍👧", "1,2"]);
});

Deno.test("layOut() escapes control and invisible characters", () => {
  assertEquals(describe(lay("a\x1b[2J\x9b", 40)), ["> a^[[2J<U+009B>", "0,16"]);
  assertEquals(describe(lay("a\u200bb\u202ec", 40)), ["> a<U+200B>b<U+202E>c", "0,21"]);
  assertEquals(describe(lay("a\udcff", 40)), ["> a\ufffd", "0,4"]);
  assertEquals(describe(lay("👩\u200d", 40)), ["> 👩<U+200D>", "0,12"]);
  assertEquals(describe(lay(" \u0301\u200d🎉", 40)), [">  \u0301<U+200D>🎉", "0,13"]);
  assertEquals(describe(lay("\t|", 40)), ["> ".padEnd(6) + "|", "0,7"]);
  // A grapheme with forty marks is replaced.
  assertEquals(describe(lay("क" + "\u0903".repeat(40), 40)), ["> \ufffd", "0,3"]);
});

Deno.test("layOut() returns the length of the prompt as shown", () => {
  const length = (prompt: string, columns = 40) =>
    layOut({ prompt, text: "a", cursor: 1 }, columns).promptLength;
  assertEquals(length(">"), 2);
  assertEquals(length(""), 0);
  assertEquals(length("\u200b👩>"), "<U+200B>👩> ".length);
  assertEquals(length("a prompt of two rows", 10), 0);
});

Deno.test("layOut() puts the cursor before an escaped character", () => {
  assertEquals(describe(lay("\x1b\x1b", 40, 1)), ["> ^[^[", "0,4"]);
});

Deno.test("cutToHeight() keeps the rows around the cursor", () => {
  const text = "0123456789".repeat(6);
  const cut = (cursor: number) => describe(cutToHeight(lay(text, 10, cursor, ""), 3));
  assertEquals(cut(0), ["0123456789~", "0123456789~", "0123456789", "0,0"]);
  assertEquals(cut(25), ["0123456789~", "0123456789~", "0123456789", "1,5"]);
  assertEquals(cut(60), ["0123456789~", "0123456789~", "", "2,0"]);
  assertEquals(describe(cutToHeight(lay("a", 10), 3)), ["> a", "0,3"]);
});

Deno.test("reflowOf() recognises terminals by their device attributes", () => {
  for (
    const report of [">84;0;0c", ">65;7600;1c", ">1;4000;33c", ">0;10;1c", ">41;2500;0c", ">0c"]
  ) {
    assertEquals(reflowOf(report), "all", report);
  }
  for (const report of [">41;379;0c", ">85;95;0c", ">83;40900;0c", ">0;136;0c"]) {
    assertEquals(reflowOf(report), "none", report);
  }
  assertEquals(reflowOf(">0;276;0c"), "others");
  for (const report of ["?6c", ">4;1m", ">|xterm"]) assertEquals(reflowOf(report), undefined);
});

Deno.test("settleMsOf() gives terminals that rewrap lines time to do so, and tmux more", () => {
  const times = [">1;4600;0c", ">84;0;0c", ">41;354;0c", ">0;276;0c"].map(settleMsOf);
  assertEquals(times, [100, 300, 0, 0]);
});

Deno.test("rowsAboveCaret() follows the cursor when the terminal reflows its line", () => {
  const long = "0123456789".repeat(3);
  const above = (columns: number, cursor: number, to: number) =>
    rowsAboveCaret(lay(long, columns, cursor, ""), to, "all");
  assertEquals(above(40, 25, 10), 2);
  assertEquals(above(40, 20, 10), 2);
  assertEquals(above(40, 0, 10), 0);
  assertEquals(above(10, 25, 40), 0);
  assertEquals(above(10, 25, 15), 1);
  // Terminals differ after a full row: never go up so far that other output would be erased.
  assertEquals(above(40, 30, 10), 2);
  assertEquals(above(10, 30, 15), 1);
});

Deno.test("rowsAboveCaret() does not count reflow on terminals that leave rows alone", () => {
  const layout = lay("0123456789".repeat(3), 10, 25, "");
  assertEquals(rowsAboveCaret(layout, 40, "none"), 2);
  assertEquals(rowsAboveCaret(layout, 40, "others"), 2);
  // A row that was ended early is a line of its own.
  const uncertain = lay("12345678🎉901234567", 10, 18, "");
  assertEquals(describe(uncertain), ["12345678🎉", "901234567", "1,8"]);
  assertEquals(rowsAboveCaret(uncertain, 5, "others"), 2);
  assertEquals(rowsAboveCaret(uncertain, 5, "none"), 1);
  assertEquals(rowsAboveCaret(uncertain, 5, "all"), 3);
});
