import { assertEquals } from "@std/assert";
import { type FrameLoss, OctetCountDecoder } from "../../lib/codec/octet_count_decoder.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Frame = string | [text: string, loss: Partial<FrameLoss>];

/** The frames of a stream in these pieces. */
function framesOf(chunks: readonly Uint8Array[], maxBytes = 100): Frame[] {
  const frames: Frame[] = [];
  const framer = new OctetCountDecoder(maxBytes);
  const take = (bytes: Uint8Array, loss: FrameLoss | undefined) => {
    const text = decoder.decode(bytes);
    frames.push(loss ? [text, loss] : text);
  };
  for (const chunk of chunks) framer.push(chunk.slice(), take);
  framer.finish(take);
  return frames;
}

/** The same, wherever the stream is split. */
function frames(text: string, maxBytes?: number): Frame[] {
  const bytes = encoder.encode(text);
  const whole = framesOf([bytes], maxBytes);
  for (let at = 1; at < bytes.length; at++) {
    assertEquals(framesOf([bytes.slice(0, at), bytes.slice(at)], maxBytes), whole, `cut at ${at}`);
  }
  assertEquals(framesOf([...bytes].map((byte) => Uint8Array.of(byte)), maxBytes), whole);
  return whole;
}

Deno.test("OctetCountDecoder returns counted frames with nothing between them", () => {
  assertEquals(frames("5 hello3 a\nb6 <13>é12 twelve chars"), [
    "hello",
    "a\nb",
    "<13>é",
    "twelve chars",
  ]);
});

Deno.test("OctetCountDecoder skips newlines between frames", () => {
  assertEquals(frames("\n5 hello\n3 abc\r\n\n2 de\n"), ["hello", "abc", "de"]);
});

Deno.test("OctetCountDecoder returns uncounted bytes up to their newline, and continues after it", () => {
  assertEquals(frames("hello\n5 world<13>no count\n3 abc"), [
    "hello",
    "world",
    "<13>no count",
    "abc",
  ]);
  assertEquals(frames("no end"), ["no end"]);
});

Deno.test("OctetCountDecoder takes an invalid count for text, and finds the next message", () => {
  const good = "9 <13>hello";
  assertEquals(frames(`009 <13>zeros${good}`), ["009 <13>zeros", "<13>hello"]);
  assertEquals(frames(`0 x${good}`), ["0 x", "<13>hello"]);
  assertEquals(frames(`12345678 <13>many${good}`), ["12345678 <13>many", "<13>hello"]);
  assertEquals(frames(`12x${good}`), ["12x", "<13>hello"]);
  assertEquals(frames(`-5 x ${good}`), ["-5 x ", "<13>hello"]);
});

Deno.test("OctetCountDecoder finds the next message after one with too small a count", () => {
  assertEquals(frames("5 <13>hello 1 <2 9 <x9 <13>again"), [
    "<13>h",
    "ello 1 <2 9 <x",
    "<13>again",
  ]);
  assertEquals(frames("5 <13>hello12 9 <13>again"), ["<13>h", "ello12 ", "<13>again"]);
  assertEquals(frames("5 <13>hello 12 <13 9 <13>again"), [
    "<13>h",
    "ello 12 <13 ",
    "<13>again",
  ]);
});

Deno.test("OctetCountDecoder loses nothing of a message with too large a count", () => {
  assertEquals(frames("12 <13>hello9 <13>again9 <13>third"), [
    "<13>hello9 <",
    "13>again",
    "<13>third",
  ]);
});

Deno.test("OctetCountDecoder accepts a count that is smaller than the priority", () => {
  assertEquals(frames("stray 2 <13>\n9 <13>hello"), ["stray ", "<1", "3>", "<13>hello"]);
});

Deno.test("OctetCountDecoder cuts a long message between characters, and says by how much", () => {
  assertEquals(frames("12 1234567890ab8 <13>next", 10), [
    ["1234567890", { cutBytes: 2, missingBytes: 0 }],
    "<13>next",
  ]);
  assertEquals(frames("12 123456789é23 abc", 10), [
    ["123456789", { cutBytes: 3, missingBytes: 0 }],
    "abc",
  ]);
  assertEquals(frames("not counted at all\n3 abc", 10), [
    ["not counte", { cutBytes: 8, missingBytes: 0 }],
    "abc",
  ]);
});

Deno.test("OctetCountDecoder keeps a message without its end, and says how much is missing", () => {
  assertEquals(frames("9 <13>he"), [["<13>he", { cutBytes: 0, missingBytes: 3 }]]);
  assertEquals(frames("9 "), [["", { cutBytes: 0, missingBytes: 9 }]]);
  assertEquals(frames("9"), ["9"]);
  assertEquals(frames("x 9 <13"), ["x 9 <13"]);
});

Deno.test("OctetCountDecoder holds no more of a long message than its limit", () => {
  const framer = new OctetCountDecoder(1000);
  let frame: [number, FrameLoss | undefined] | undefined;
  const take = (bytes: Uint8Array, loss: FrameLoss | undefined) => frame = [bytes.length, loss];
  framer.push(encoder.encode("9999999 "), take);
  const piece = new Uint8Array(1000).fill(0x61);
  for (let count = 0; count < 9999; count++) framer.push(piece, take);
  assertEquals(frame, undefined);
  framer.push(piece.subarray(1), take);
  assertEquals(frame, [1000, { cutBytes: 9_998_999, missingBytes: 0 }]);
});
