import { assertEquals } from "@std/assert";
import { Greet } from "../../lib/service/greet.ts";
import { LineScene } from "./line_scene.ts";

Deno.test("Greet thanks a silent peer, and ends", async () => {
  await using scene = new LineScene(new Greet());
  const peer = scene.connect();
  await scene.clock.advance(200);
  await peer.until(() => peer.hasEnded);
  assertEquals(peer.transcript, "Thank you for connecting\r\n");
});

Deno.test("Greet thanks a peer that talks or ends its side first", async () => {
  await using scene = new LineScene(new Greet());
  assertEquals(await scene.exchange("hello", "are you there?"), ["Thank you for connecting"]);
  assertEquals(await scene.exchange(), ["Thank you for connecting"]);
});
