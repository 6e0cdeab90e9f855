import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  WebSocketDecoder,
  WebSocketError,
  type WebSocketMessage,
} from "../../lib/codec/websocket_decoder.ts";
import { encodeClose, encodeFrame, OPCODES } from "../../lib/codec/websocket_frame.ts";
import { SeededRandom } from "../support/random.ts";
import { clientFrame } from "../support/raw_peer.ts";

const encoder = new TextEncoder();
const MAX_BYTES = 1000;

function decode(...chunks: readonly Uint8Array[]): WebSocketMessage[] {
  const decoder = new WebSocketDecoder(MAX_BYTES);
  return chunks.flatMap((chunk) => [...decoder.decode(chunk)]);
}

/** The messages, then the code of the error if there was one. */
function outcome(chunks: readonly Uint8Array[]): unknown[] {
  const decoder = new WebSocketDecoder(MAX_BYTES);
  const result: unknown[] = [];
  try {
    for (const chunk of chunks) for (const message of decoder.decode(chunk)) result.push(message);
  } catch (error) {
    if (!(error instanceof WebSocketError)) throw error;
    result.push(error.code);
  }
  return result;
}

const text = (body: string, isFinal = true, opcode: number = OPCODES.text) =>
  clientFrame(opcode, encoder.encode(body), isFinal);

Deno.test("WebSocketDecoder reads the examples of RFC 6455 section 5.7", () => {
  const hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
  assertEquals(decode(Uint8Array.from(hello)), [{ type: "text", text: "Hello" }]);
  const pong = [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
  assertEquals(decode(Uint8Array.from(pong)), [{ type: "pong", payload: encoder.encode("Hello") }]);
});

Deno.test("encodeFrame() writes the examples of RFC 6455 section 5.7, and every form of the length", () => {
  assertEquals([...encodeFrame(OPCODES.text, encoder.encode("Hello"))], [
    ...[0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f],
  ]);
  for (
    const [length, head] of [
      [0, [0x82, 0]],
      [125, [0x82, 125]],
      [126, [0x82, 126, 0, 126]],
      [256, [0x82, 126, 1, 0]],
      [65535, [0x82, 126, 255, 255]],
      [65536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
    ] as const
  ) {
    const frame = encodeFrame(OPCODES.binary, new Uint8Array(length).fill(7));
    assertEquals([...frame.subarray(0, head.length)], [...head]);
    assertEquals(frame.length, head.length + length);
    assert(frame.subarray(head.length).every((byte) => byte === 7));
  }
});

Deno.test("encodeClose() writes code and reason, and cuts a long reason between characters", () => {
  assertEquals([...encodeClose(1000)], [0x88, 2, 3, 0xe8]);
  assertEquals([...encodeClose(1008, "no")], [0x88, 4, 3, 0xf0, 0x6e, 0x6f]);
  const frame = encodeClose(1008, "é".repeat(100));
  assertEquals(frame.length, 2 + 2 + 122);
  assertEquals(new TextDecoder("utf-8", { fatal: true }).decode(frame.subarray(4)), "é".repeat(61));
});

Deno.test("WebSocketDecoder decodes the same messages wherever the bytes are cut", () => {
  const bytes = [
    ...text("one é 👩", true),
    ...text("tw", false),
    ...clientFrame(OPCODES.ping, encoder.encode("x")),
    ...text("", false, OPCODES.continuation),
    ...text("o 👩".slice(0, 3), false, OPCODES.continuation),
    ...text("!", true, OPCODES.continuation),
    ...text(""),
    ...text("x".repeat(MAX_BYTES)),
    ...clientFrame(OPCODES.close, Uint8Array.of(0x0f, 0xa1, 0x62)),
  ];
  const all = Uint8Array.from(bytes);
  const whole = outcome([all]);
  assertEquals(whole.length, 6);
  assertEquals(whole[0], { type: "text", text: "one é 👩" });
  assertEquals(whole[1], { type: "ping", payload: encoder.encode("x") });
  assertEquals(whole[5], { type: "close", code: 4001 });
  for (let at = 0; at <= all.length; at++) {
    assertEquals(outcome([all.subarray(0, at), all.subarray(at)]), whole, `cut at ${at}`);
  }
  assertEquals(outcome(bytes.map((byte) => Uint8Array.of(byte))), whole);
});

Deno.test("WebSocketDecoder joins a character split across frames", () => {
  const [a, b, ...rest] = encoder.encode("👩");
  assertEquals(
    decode(
      clientFrame(OPCODES.text, Uint8Array.of(a, b), false),
      clientFrame(OPCODES.continuation, Uint8Array.from(rest)),
    ),
    [{ type: "text", text: "👩" }],
  );
});

for (
  const [what, bytes, code] of [
    ["an unmasked frame", [0x81, 0x01, 0x41], 1002],
    ["reserved bits", text("").with(0, 0xc1), 1002],
    ["opcode 3", text("").with(0, 0x83), 1002],
    ["opcode 11", text("").with(0, 0x8b), 1002],
    ["a fragmented ping", clientFrame(OPCODES.ping, new Uint8Array(), false), 1002],
    ["a ping of 126 bytes", clientFrame(OPCODES.ping, new Uint8Array(126)), 1002],
    ["a continuation without a start", text("x", true, OPCODES.continuation), 1002],
    ["a message within a message", [...text("x", false), ...text("y")], 1002],
    ["a close frame of one byte", clientFrame(OPCODES.close, new Uint8Array(1)), 1002],
    ["close code 999", clientFrame(OPCODES.close, Uint8Array.of(3, 231)), 1002],
    ["close code 1005", clientFrame(OPCODES.close, Uint8Array.of(3, 237)), 1002],
    ["close code 5000", clientFrame(OPCODES.close, Uint8Array.of(19, 136)), 1002],
    [
      "a close reason that is not UTF-8",
      clientFrame(OPCODES.close, Uint8Array.of(3, 232, 255)),
      1007,
    ],
    ["a binary message", clientFrame(OPCODES.binary, new Uint8Array(1)), 1003],
    ["text that is not UTF-8", clientFrame(OPCODES.text, Uint8Array.of(0xc3)), 1007],
    ["surrogates", clientFrame(OPCODES.text, Uint8Array.of(0xed, 0xa0, 0x80)), 1007],
    ["a message one byte too long", text("x".repeat(MAX_BYTES + 1)), 1009],
    [
      "a message one byte too long in two frames",
      [...text("x".repeat(MAX_BYTES), false), ...text("y", true, OPCODES.continuation)],
      1009,
    ],
  ] as const
) {
  Deno.test(`WebSocketDecoder refuses ${what}`, () => {
    assertEquals(outcome([Uint8Array.from(bytes)]), [code]);
    assertEquals(outcome([...bytes].map((byte) => Uint8Array.of(byte))), [code]);
  });
}

Deno.test("WebSocketDecoder refuses a frame that is too long by its header", () => {
  const decoder = new WebSocketDecoder(MAX_BYTES);
  const head = Uint8Array.of(0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4);
  const error = assertThrows(() => [...decoder.decode(head)], WebSocketError);
  assertEquals(error.code, 1009);
});

Deno.test("WebSocketDecoder decodes or refuses any bytes, the same wherever they are cut (seed 5)", () => {
  const random = new SeededRandom(5);
  const counts = new Map<unknown, number>();
  for (let round = 0; round < 3000; round++) {
    const parts: Uint8Array[] = [];
    while (random.int(4) > 0) {
      const opcode = random.pick([0, 1, 1, 1, 1, 8, 9, 10]);
      // Mostly ASCII, sometimes damaged.
      const isText = opcode < 8 && random.int(10) > 0;
      const payload = random.bytes(random.int(30)).map((byte) => isText ? byte & 0x7f : byte);
      const frame = clientFrame(opcode, payload, random.int(5) > 0);
      if (random.int(20) === 0) frame[random.int(frame.length)] ^= 1 << random.int(8);
      parts.push(frame);
    }
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random.int(10);
      chunks.push(bytes.subarray(at, end));
      at = end;
    }
    const whole = outcome([bytes]);
    assertEquals(outcome(chunks), whole, `round ${round}`);
    const last = whole.at(-1);
    counts.set(typeof last, (counts.get(typeof last) ?? 0) + 1);
  }
  assert(counts.get("number")! > 300 && counts.get("object")! > 300, JSON.stringify([...counts]));
});

Deno.test("WebSocketDecoder takes binary messages if it is told to, also in fragments", () => {
  const decoder = new WebSocketDecoder(MAX_BYTES, true);
  const bytes = Uint8Array.of(0, 0xff, 0x80);
  const frames = [
    clientFrame(OPCODES.binary, bytes.subarray(0, 1), false),
    clientFrame(OPCODES.continuation, bytes.subarray(1)),
    text("hello"),
    clientFrame(OPCODES.binary, new Uint8Array()),
  ];
  const messages = frames.flatMap((frame) =>
    [...frame].flatMap((byte) => [...decoder.decode(Uint8Array.of(byte))])
  );
  assertEquals(messages, [
    { type: "binary", payload: bytes },
    { type: "text", text: "hello" },
    { type: "binary", payload: new Uint8Array() },
  ]);
});
