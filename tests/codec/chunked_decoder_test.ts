import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChunkedDecoder } from "../../lib/codec/chunked_decoder.ts";
import { HttpSyntaxError } from "../../lib/codec/http_head.ts";
import { SeededRandom } from "../support/random.ts";

const encode = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function statusOf(text: string, maxBytes = 100): number {
  return assertThrows(() => new ChunkedDecoder(maxBytes).decode(encode(text)), HttpSyntaxError)
    .status;
}

const MODEL = '5\r\nhello\r\n1;name=value; a="b"\r\n \r\n00A ;x\r\n0123456789\r\n0\r\n' +
  "Trailer: one\r\nX-Other:two\r\n\r\n";

Deno.test("ChunkedDecoder joins the chunks, and leaves the bytes after the body", () => {
  const decoder = new ChunkedDecoder(16);
  assertEquals(decoder.decode(encode(`${MODEL}GET /`)), MODEL.length);
  assertEquals([decoder.isComplete, decode(decoder.body)], [true, "hello 0123456789"]);
  assertEquals(decoder.decode(encode("more")), 0);
  const empty = new ChunkedDecoder(0);
  assertEquals([empty.decode(encode("0\r\n\r\n")), empty.isComplete], [5, true]);
});

Deno.test("ChunkedDecoder decodes the same body wherever the bytes are cut", () => {
  const bytes = encode(MODEL);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new ChunkedDecoder(16);
    assertEquals(decoder.decode(bytes.subarray(0, cut)), cut);
    assertEquals(decoder.isComplete, cut === bytes.length);
    assertEquals(decoder.decode(bytes.subarray(cut)), bytes.length - cut);
    assertEquals(decode(decoder.body), "hello 0123456789");
  }
  const decoder = new ChunkedDecoder(16);
  for (const byte of bytes) assertEquals(decoder.decode(Uint8Array.of(byte)), 1);
  assertEquals([decoder.isComplete, decode(decoder.body)], [true, "hello 0123456789"]);
});

Deno.test("ChunkedDecoder refuses framing that another parser could read differently", () => {
  for (
    const text of [
      ...["\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", "1_0\r\n", " 1\r\n", "1 \r\n", "1,1\r\n"],
      ...["1\n", "1\r\r\n", "1\rx", "1;a\n", "1;a\rb\r\n", "1;\x00\r\n", "1\x00\r\n", "1;\x7f\r\n"],
      ...[
        "1\r\nab",
        "1\r\na\n",
        "1\r\na\rx",
        "2\r\na\r\n0\r\n\r\n\r\n0\r\n",
        "0\r\n\n",
        "0\r\n\rx",
      ],
      ...["0\r\nno colon\r\n", "0\r\n folded: x\r\n", "0\r\na : b\r\n", "0\r\na: \x01\r\n"],
      ...["1234567890abc\r\n", `${"0".repeat(13)}1\r\n`],
    ]
  ) {
    assertEquals(statusOf(text), 400, JSON.stringify(text));
  }
});

Deno.test("ChunkedDecoder limits the body by chunk headers, and the size of extensions and trailers", () => {
  assertEquals(statusOf("65\r\n"), 413);
  assertEquals(statusOf("64\r\n" + "x".repeat(100) + "\r\n1\r\n"), 413);
  assertEquals(statusOf("ffffffffffff\r\n"), 413);
  assertEquals(statusOf("1;" + "x".repeat(1100)), 400);
  assertEquals(statusOf(`1;${"x".repeat(900)}\r\na\r\n`.repeat(10)), 400);
  assertEquals(statusOf("0\r\nX: " + "x".repeat(1100)), 400);
  assertEquals(statusOf("0\r\n" + `X: ${"x".repeat(900)}\r\n`.repeat(10)), 400);
  assertEquals(statusOf("0\r\n" + "X: y\r\n".repeat(101)), 400);
});

Deno.test("ChunkedDecoder restores a body from any chunking of it (seed 11)", () => {
  const random = new SeededRandom(11);
  for (let round = 0; round < 500; round++) {
    const body = random.bytes(random.int(300));
    let wire = "";
    for (let at = 0; at < body.length;) {
      const part = body.subarray(at, at + 1 + random.int(40));
      wire += `${part.length.toString(16)}${random.pick(["", ";x", " ;a=b"])}\r\n`;
      wire += String.fromCharCode(...part) + "\r\n";
      at += part.length;
    }
    const bytes = encode(`${wire}0\r\n\r\n`);
    const decoder = new ChunkedDecoder(300);
    for (let at = 0; at < bytes.length;) {
      at += decoder.decode(bytes.subarray(at, at + 1 + random.int(50)));
    }
    assertEquals([decoder.isComplete, decoder.body], [true, body]);
  }
});

Deno.test("ChunkedDecoder decodes or refuses any bytes (seed 12)", () => {
  const random = new SeededRandom(12);
  const counts = { complete: 0, refused: 0 };
  for (let round = 0; round < 5000; round++) {
    const bytes = encode(MODEL);
    for (let count = 1 + random.int(3); count > 0; count--) {
      bytes[random.int(bytes.length)] = random.pick([0, 10, 13, 32, 48, 49, 59, 102, 128, 255]);
    }
    const decoder = new ChunkedDecoder(16);
    try {
      const taken = decoder.decode(bytes);
      assert(taken <= bytes.length && decoder.body.length <= 16);
      if (decoder.isComplete) counts.complete++;
    } catch (error) {
      if (!(error instanceof HttpSyntaxError)) throw error;
      assert([400, 413].includes(error.status), `${error.status}`);
      counts.refused++;
    }
  }
  assert(counts.complete > 500 && counts.refused > 500, JSON.stringify(counts));
});
