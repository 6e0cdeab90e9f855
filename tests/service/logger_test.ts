import { assertEquals } from "@std/assert";
import { Logger } from "../../lib/service/logger.ts";
import { LineScene, type LineSceneOptions } from "./line_scene.ts";

/** A logger, and what it prints. */
function sceneOf(options?: LineSceneOptions): { scene: LineScene; printed: string[] } {
  const printed: string[] = [];
  return { scene: new LineScene(new Logger((line) => printed.push(line)), options), printed };
}

Deno.test("Logger prints who comes, what they say, and that they are gone", async () => {
  const { scene, printed } = sceneOf();
  await using _ = scene;
  assertEquals(await scene.exchange("hello", "", "  last"), []);
  assertEquals(printed, [
    "Got connection from 192.0.2.7:5001",
    "hello",
    "",
    "  last",
    "192.0.2.7:5001 disconnected",
  ]);
});

Deno.test("Logger prints a line when it comes, and the lines of several peers as they come", async () => {
  const { scene, printed } = sceneOf();
  await using _ = scene;
  const [a, b] = [scene.connect(), scene.connect()];
  const says = async (peer: typeof a, text: string) => {
    peer.send(text);
    await peer.until(() => printed.at(-1) === text);
  };
  await says(a, "a1");
  await says(b, "b1");
  await says(a, "a2");
  await a.vanish();
  assertEquals(printed, [
    "Got connection from 192.0.2.7:5001",
    "a1",
    "Got connection from 192.0.2.7:5002",
    "b1",
    "a2",
    "192.0.2.7:5001 disconnected",
  ]);
});

Deno.test("Logger keeps what fits of a line that is too long", async () => {
  const { scene, printed } = sceneOf();
  await using _ = scene;
  await scene.exchange("x".repeat(70_000), "next");
  assertEquals(printed.slice(1, -1), ["x".repeat(65_536), "next"]);
});

Deno.test("Logger writes control characters out, so that nobody commands the screen", async () => {
  const { scene, printed } = sceneOf();
  await using _ = scene;
  await scene.exchange("\x1b[2J red \u009b\u202e");
  assertEquals(printed[1], "^[[2J red <U+009B><U+202E>");
});

Deno.test("Logger with framing=raw prints chunks as they come, wherever they end", async () => {
  const { scene, printed } = sceneOf({ endpointOptions: { framing: "raw" } });
  await using _ = scene;
  const peer = scene.connect();
  const says = async (bytes: Uint8Array | string, ...lines: string[]) => {
    const before = printed.length;
    peer.sendBytes(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    await peer.until(() => printed.length >= before + lines.length);
    assertEquals(printed.slice(before), lines);
  };
  await peer.until(() => printed.length === 1);
  await says("par", "par");
  await says("tial\r\n", "tial");
  await says("a\nb\r\n\r\nc", "a", "b", "", "c");
  await says("\x1b[2J\r", "^[[2J^M");
  // A character in two chunks, and one that never becomes whole.
  await says(Uint8Array.of(0x61, 0xc3), "a");
  await says(Uint8Array.of(0xa9), "é");
  await says(Uint8Array.of(0xe4, 0x62), "\ufffdb");
  peer.sendBytes(Uint8Array.of(0x63, 0xe4));
  await peer.finish();
  assertEquals(printed.slice(-3), ["c", "\ufffd", "192.0.2.7:5001 disconnected"]);
});

Deno.test("Logger without anywhere to print reads all, and answers nothing", async () => {
  await using scene = new LineScene(new Logger());
  assertEquals(await scene.exchange("hello", "world"), []);
});

Deno.test("Logger.hear() prints a datagram's line, and answers nothing", () => {
  const printed: string[] = [];
  const logger = new Logger((line) => printed.push(line));
  assertEquals<unknown>(logger.hear("hello\x07"), undefined);
  assertEquals(printed, ["hello^G"]);
});
