import { assertEquals } from "@std/assert";
import { Charset, isCharset } from "../../lib/codec/charset.ts";
import { CharsetLineDecoder, CharsetStreamDecoder } from "../../lib/codec/charset_decoder.ts";
import type { StreamDecoder } from "../../lib/codec/utf8.ts";

const encoder = new TextEncoder();
const GBK = new Charset("gbk");
/** 错误, "error", in GBK. */
const ERROR = [0xb4, 0xed, 0xce, 0xf3];

function bytes(...parts: readonly (number | string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : part),
  );
}

function decodeAll(decoder: StreamDecoder, chunks: readonly Uint8Array[]) {
  let text = "";
  let line = 0;
  for (const chunk of chunks) {
    text += decoder.decode(chunk, line);
    line += chunk.filter((byte) => byte === 0x0a).length;
  }
  text += decoder.finish(line);
  return { text, repairs: decoder.repairs };
}

Deno.test("Charset.decode() keeps valid UTF-8", () => {
  assertEquals(GBK.decode(bytes("plain")), { text: "plain", repairs: 0 });
  assertEquals(GBK.decode(bytes("错误 é")), { text: "错误 é", repairs: 0 });
  assertEquals(GBK.decode(bytes(ERROR, " 1")), { text: "错误 1", repairs: 0 });
  assertEquals(GBK.decode(bytes("a", 0xff)), { text: "a\ufffd", repairs: 1 });
  assertEquals(new Charset("latin1").decode(bytes("caf", 0xe9)).text, "café");
  assertEquals(new Charset("koi8-r").decode(bytes(0xef, 0xcb)).text, "Ок");
});

Deno.test("isCharset() refuses encodings in which the ends of lines cannot be found", () => {
  for (const label of ["gbk", "Latin1", "shift_jis", "euc-kr", "big5", "windows-1251", "utf-8"]) {
    assertEquals(isCharset(label), true, label);
  }
  for (const label of ["utf-16", "UTF-16BE", "iso-2022-jp", "gbx", ""]) {
    assertEquals(isCharset(label), false, label);
  }
});

Deno.test("CharsetLineDecoder decides line by line, wherever the input is split", () => {
  const input = bytes("错误 in UTF-8\n", ERROR, " in GBK\r\nplain\n", "b", 0xff, "d\n", ERROR);
  const expected = {
    text: "错误 in UTF-8\n错误 in GBK\r\nplain\nb\ufffdd\n错误",
    repairs: [{ line: 3, count: 1 }],
  };
  for (let at = 0; at <= input.length; at++) {
    const pieces = [input.slice(0, at), input.slice(at)];
    assertEquals(decodeAll(new CharsetLineDecoder(GBK), pieces), expected, `cut at ${at}`);
  }
  const single = Array.from(input, (byte) => Uint8Array.of(byte));
  assertEquals(decodeAll(new CharsetLineDecoder(GBK), single), expected);
});

Deno.test("CharsetStreamDecoder holds back only bytes that may be half a character", () => {
  const decoder = new CharsetStreamDecoder(GBK);
  assertEquals(decoder.decode(bytes("login: "), 0), "login: ");
  assertEquals(decoder.decode(bytes("é"), 0), "é");
  assertEquals(decoder.decode(bytes(0xb4, 0xed, 0xce), 0), "错");
  assertEquals(decoder.decode(bytes(0xf3), 0), "误");
  assertEquals(decoder.finish(0), "");
  for (let at = 0; at <= 7; at++) {
    const input = bytes("ok ", ERROR);
    const pieces = [input.slice(0, at), input.slice(at)];
    assertEquals(decodeAll(new CharsetStreamDecoder(GBK), pieces).text, "ok 错误", `cut at ${at}`);
  }
});

Deno.test("CharsetStreamDecoder takes half a UTF-8 character at the end for another encoding", () => {
  const latin1 = new Charset("latin1");
  assertEquals(decodeAll(new CharsetStreamDecoder(latin1), [bytes("caf", 0xe9)]).text, "café");
});
