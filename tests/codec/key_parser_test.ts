import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { Key } from "../../lib/codec/key.ts";
import { KeyParser } from "../../lib/codec/key_parser.ts";
import { encodeRawText } from "../../lib/codec/raw_text.ts";
import { SeededRandom } from "../support/random.ts";

const MAX_PASTE_BYTES = 100;
const encoder = new TextEncoder();

/** Keys as they are written on paper: `C-a`, `"text"`, `paste "text"`, `report >0c`. */
function describe(keys: readonly Key[]): string[] {
  const words: string[] = [];
  let text = "";
  const endText = () => {
    if (text !== "") words.push(JSON.stringify(text));
    text = "";
  };
  for (const key of keys) {
    // Where text is split depends on how the input was.
    if (key.kind === "text") text += key.text;
    else endText();
    if (key.kind === "key") words.push(key.name);
    if (key.kind === "paste") {
      const dropped = key.droppedBytes > 0 ? ` -${key.droppedBytes}` : "";
      words.push(`paste ${JSON.stringify(key.text)}${dropped}`);
    }
    if (key.kind === "report") words.push(`report ${key.text}`);
  }
  endText();
  return words;
}

function bytesOf(input: string | readonly number[]): Uint8Array {
  return typeof input === "string" ? encoder.encode(input) : Uint8Array.from(input);
}

function feed(chunks: Iterable<Uint8Array>): string[] {
  const parser = new KeyParser({ maxPasteBytes: MAX_PASTE_BYTES });
  const keys: Key[] = [];
  for (const chunk of chunks) keys.push(...parser.feed(chunk));
  return describe(keys);
}

/** Checks the keys in `input`, which must be the same however it is split. */
function check(input: string | readonly number[], ...expected: readonly string[]): void {
  const bytes = bytesOf(input);
  assertEquals(feed([bytes]), expected);
  for (let cut = 1; cut < bytes.length; cut++) {
    assertEquals(feed([bytes.subarray(0, cut), bytes.subarray(cut)]), expected, `cut at ${cut}`);
  }
  assertEquals(feed(Array.from(bytes, (byte) => Uint8Array.of(byte))), expected);
}

Deno.test("KeyParser.feed() returns typed text, in any script", () => {
  check("hello wörld, 你好 👨‍👩‍👧 e\u0301!", `"hello wörld, 你好 👨‍👩‍👧 e\u0301!"`);
  check("");
});

Deno.test("KeyParser.feed() recognises Enter, Tab and both Backspaces", () => {
  check("a\r\nb", `"a"`, "enter", "enter", `"b"`);
  check("\t\x7f\x08", "tab", "backspace", "backspace");
});

Deno.test("KeyParser.feed() recognises the control keys, and ignores NUL", () => {
  check("\x01\x02\x03\x04\x05", "C-a", "C-b", "C-c", "C-d", "C-e");
  check("\x0b\x0c\x12\x14\x15\x17\x19\x1a", "C-k", "C-l", "C-r", "C-t", "C-u", "C-w", "C-y", "C-z");
  check("a\0b", `"ab"`);
});

Deno.test("KeyParser.feed() recognises arrows, Home, End and Delete of all kinds of terminals", () => {
  check("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "up", "down", "right", "left", "home", "end");
  check("\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", "up", "down", "right", "left", "home", "end");
  check("\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1b[3~", "home", "end", "home", "end", "delete");
});

Deno.test("KeyParser.feed() recognises keys with Ctrl and Alt", () => {
  check("\x1b[1;5D\x1b[1;5C\x1b[1;3D\x1b[1;7C", "C-left", "C-right", "M-left", "C-M-right");
  check("\x1b[5~\x1b[6~\x1b[5;2~", "page-up", "page-down", "page-up");
  check("\x1b[3;5~\x1b[1;2D", "C-delete", "left");
  check("\x1bOd\x1bOc\x1b\x1b[D", "C-left", "C-right", "M-left");
  check("\x1bb\x1bF\x1b\x7f\x1b\x08", "M-b", "M-f", "M-backspace", "M-backspace");
  check("\x1b\x01", "C-M-a");
});

Deno.test("KeyParser.feed() never lets an unknown sequence into the text", () => {
  for (
    const sequence of [
      ...["\x1b[2~", "\x1b[11~", "\x1b[15~", "\x1b[24;5~", "\x1b[Z", "\x1b[E", "\x1b[I"],
      ...["\x1bOP", "\x1bOj", "\x1b[[A", "\x1b[12;40R", "\x1b[27;5;9~", "\x1b[97;5u", "\x1b[1;5P"],
      ...["\x1b[201~", "\x1b[ q", "\x1b[4:3m", `\x1b[${"1;".repeat(100)}A`],
    ]
  ) check(`a${sequence}b`, `"ab"`);
});

Deno.test("KeyParser.feed() returns the terminal's reports", () => {
  check("a\x1b[>84;0;0cb\x1b[?6c", `"a"`, "report >84;0;0c", `"b"`, "report ?6c");
});

Deno.test("KeyParser.feed() gives up a sequence at an impossible byte", () => {
  check("\x1b[1\x01b", "C-a", `"b"`);
  check("\x1b[1;\x1b[A", "up");
  check("\x1bO\r", "enter");
  check("\x1b[é", `"é"`);
  check("\x1b你", `"你"`);
});

Deno.test("KeyParser.flush() takes a pending ESC, and nothing else, for the Escape key", () => {
  const parser = new KeyParser({ maxPasteBytes: MAX_PASTE_BYTES });
  assertEquals(parser.feed(bytesOf("a\x1b")), [{ kind: "text", text: "a" }]);
  assert(parser.isEscapePending);
  assertEquals(describe(parser.flush()), ["escape"]);
  assert(!parser.isEscapePending);
  assertEquals(parser.flush(), []);
  parser.feed(bytesOf("\x1b["));
  assert(!parser.isEscapePending);
  assertEquals(parser.flush(), []);
  assertEquals(describe(parser.feed(bytesOf("A"))), ["up"]);
});

Deno.test("KeyParser.feed() returns a bracketed paste as one key, whatever is in it", () => {
  check("a\x1b[200~b\x1b[201~c", `"a"`, `paste "b"`, `"c"`);
  check("\x1b[200~\x1b[201~", `paste ""`);
  const wild = "/quit\x03\x04\x1b[A\x1b[200~\x1b\x1b[20\x1b[202~\t\x9b";
  check(`\x1b[200~${wild}\x1b[201~`, `paste ${JSON.stringify(wild)}`);
});

Deno.test("KeyParser.feed() takes CR LF, CR and LF in a paste for the end of a line", () => {
  check("\x1b[200~a\rb\r\nc\n\nd\r\r\x1b[201~", `paste "a\\nb\\nc\\n\\nd\\n\\n"`);
});

Deno.test("KeyParser.feed() keeps a paste up to its limit, and counts the rest", () => {
  const paste = (length: number) => `\x1b[200~${"x".repeat(length)}\x1b[201~`;
  const kept = JSON.stringify("x".repeat(MAX_PASTE_BYTES));
  check(`${paste(MAX_PASTE_BYTES)}y`, `paste ${kept}`, `"y"`);
  check(`${paste(MAX_PASTE_BYTES + 7)}y`, `paste ${kept} -7`, `"y"`);
});

Deno.test("KeyParser.feed() keeps invalid UTF-8, to be passed on unchanged", () => {
  const inputs = [
    [0x61, 0xff, 0x62],
    [0xc3, 0x61],
    [0xe4, 0xbd, 0x61],
    [0xc3, 0xc3, 0xb6],
    [0xed, 0xa0, 0x80],
    [0xc0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x80, 0x80, 0x80],
    [0x80, 0xbf],
  ];
  for (const input of inputs) {
    for (const chunks of [[input], input.map((byte) => [byte])]) {
      const parser = new KeyParser({ maxPasteBytes: MAX_PASTE_BYTES });
      const keys = chunks.flatMap((chunk) => parser.feed(Uint8Array.from(chunk)));
      const text = keys.map((key) => key.kind === "text" ? key.text : "?").join("");
      assertEquals([...encodeRawText(text)], input);
    }
  }
  // A key ends an incomplete character.
  check([0xc3, 0x0d], JSON.stringify("\udcc3"), "enter");
});

/** Pieces of fuzz input. */
const PIECES: readonly (readonly number[])[] = [
  ..."abc é你🎉\r\n\t\x7f\x03\x00".split("").map((text) => [...encoder.encode(text)]),
  ...[
    "\x1b",
    "\x1b[",
    "\x1bO",
    "\x1b[A",
    "\x1b[1;5D",
    "\x1b[3~",
    "\x1b[200~",
    "\x1b[201~",
    "\x1b[[",
  ]
    .map((text) => [...encoder.encode(text)]),
  [0xff],
  [0xc3],
  [0xe4, 0xbd],
  [0x9b],
];

Deno.test("KeyParser.feed() returns the same keys however the input is split (fuzz)", () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const random = new SeededRandom(seed);
    const input = Array.from(
      { length: 1 + random.int(60) },
      () => random.int(4) === 0 ? [...random.bytes(1)] : random.pick(PIECES),
    ).flat();
    const whole = feed([Uint8Array.from(input)]);
    const chunks: Uint8Array[] = [];
    for (let rest = input; rest.length > 0;) {
      const length = 1 + random.int(5);
      chunks.push(Uint8Array.from(rest.slice(0, length)));
      rest = rest.slice(length);
    }
    assertEquals(feed(chunks), whole, `seed ${seed}`);
  }
});

Deno.test("KeyParser.feed() copes with any bytes, and holds no more than a paste (fuzz)", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = new SeededRandom(seed);
    const parser = new KeyParser({ maxPasteBytes: MAX_PASTE_BYTES });
    let textLength = 0;
    for (let chunk = 0; chunk < 20; chunk++) {
      const bytes = random.bytes(random.int(200));
      for (const key of parser.feed(bytes)) {
        if (key.kind === "text") textLength += key.text.length;
        if (key.kind === "paste") assertLessOrEqual(encodeRawText(key.text).length, 100);
        if (key.kind === "key") assert(/^(C-)?(M-)?(.|[a-z]+)$/.test(key.name), key.name);
      }
      textLength -= bytes.length;
    }
    assertLessOrEqual(textLength, 0, `seed ${seed}`);
  }
});
