import { assertEquals } from "@std/assert";
import { printedText, writtenText } from "../../../lib/domain/text/printed_text.ts";

Deno.test("printedText() leaves out styles", () => {
  const plain: [string, string][] = [
    ["\x1b[31mERROR\x1b[0m: zq1", "ERROR: zq1"],
    ["\x1b[1;38;5;196mred\x1b[m \x1b[38:2::255:0:0mtrue colour\x1b[39;49m", "red true colour"],
    // grep and GCC erase to the end of the line after each change of colour.
    ["a \x1b[01;31m\x1b[Kmatch\x1b[m\x1b[K here", "a match here"],
    // tput sgr0
    ["\x1b[1mbold\x1b(B\x1b[m \x1b[7minverse\x1b[0;10m\x0f", "bold inverse"],
    [
      "\x1b]8;;https://gcc.gnu.org\x1b\\-Wall\x1b]8;;\x1b\\ \x1b]8;id=1;x\x07y\x1b]8;;\x07",
      "-Wall y",
    ],
    ["\x1b[?25l50 %\x1b[?25h", "50 %"],
    ["ER\x1b[4mR\x1b[24mOR", "ERROR"],
  ];
  for (const [text, printed] of plain) assertEquals(printedText(text), printed);
});

Deno.test("printedText() keeps text that only looks like a style, and sequences that have no place in a line", () => {
  for (
    const text of [
      "plain [31m text",
      "cut off \x1b[31",
      "\x1b[2Jcleared",
      "\x1b]0;title\x07",
      "bell \x07 tab \t back \b",
    ]
  ) assertEquals(printedText(text), text);
});

Deno.test("printedText() shows a progress bar in its last state", () => {
  const bars: [string, string][] = [
    ["  0%\r 50%\r100%", "100%"],
    ["done\r", "done"],
    ["done\r\r", "done"],
    ["Downloading 10%\r\x1b[KDone", "Done"],
    ["Downloading 10%\r\x1b[2KDone", "Done"],
    ["\x1b[1A\x1b[2K\x1b[Gthird of three", "third of three"],
    ["first line\r\nsecond", "first line\nsecond"],
    ["Unpacking   \rDone          ", "Done"],
    ["12345\rab", "ab345"],
    ["下载中 10%\r下载中 20%", "下载中 20%"],
    ["下载\rabcd", "abcd"],
    ["name\x1b[10Gvalue", "namevalue"],
    ["name\x1b[4Cvalue\r", "name    value"],
    ["e\u0301a\rX", "Xa"],
    ["abc\x1b[2Dxy", "axy"],
    ["\r", ""],
  ];
  for (const [text, printed] of bars) {
    assertEquals(printedText(text), printed, JSON.stringify(text));
  }
});

Deno.test("printedText() does not follow an endless move", () => {
  for (const text of ["a\x1b[999999999Cb", "\x1b[99C".repeat(1000) + "b"]) {
    assertEquals(printedText(text).length, text.length + 201);
  }
});

Deno.test("writtenText() keeps overwritten text", () => {
  assertEquals(writtenText("\x1b[31mwrong\x1b[0m\rright"), "wrong\rright");
  assertEquals(writtenText("plain"), "plain");
});
