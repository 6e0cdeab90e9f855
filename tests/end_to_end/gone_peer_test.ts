/** Lines that a peer sent before its connection broke. */

import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { connect } from "node:net";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";

const LINES = 2000;

Deno.test("a peer that resets its connection stops talking, and leaves a gap and its name", {
  ignore: IS_DENO_2_7,
}, async () => {
  await using server = await ServerProcess.start();
  const ann = await LineClient.enter(server.port, "ann");
  const socket = connect({ port: server.port, host: "127.0.0.1" });
  const lines = Array.from({ length: LINES }, (_, number) => `${number} ${"x".repeat(90)}\n`);
  socket.write("jack\n" + lines.join(""));
  await ann.expect("<jack> 19 ");
  const start = performance.now();
  socket.resetAndDestroy();
  await ann.expect("* jack left");
  const again = await LineClient.enter(server.port, "jack");
  assertLess(performance.now() - start, 4000);
  await Promise.all([ann.close(), again.close()]);
  await server.stop();
  const events = readStoredEvents(server.data);
  const said = events.filter(({ kind, from }) => kind === "message" && from === "jack").length;
  const gaps = events.filter(({ kind }) => kind === "gap");
  assertLess(said, 60);
  assertEquals(gaps.map(({ room, from }) => ({ room, from })), [{ room: "lobby", from: "jack" }]);
  assertMatch(gaps[0].body, /^[\d,]+ lines from jack were received but not said, /);
});

Deno.test("all lines of a peer that only ends its side are said, at the flood rate", async () => {
  await using server = await ServerProcess.start();
  const ann = await LineClient.enter(server.port, "ann");
  const jack = await LineClient.connect(server.port);
  await jack.send("jack", ...Array.from({ length: 26 }, (_, number) => `line ${number}`));
  await jack.end();
  await ann.expect("<jack> line 25\r\n");
  await ann.expect("* jack left");
  await Promise.all([ann.close(), jack.close()]);
  await server.stop();
  assertEquals(readStoredEvents(server.data).filter(({ kind }) => kind === "gap"), []);
});

Deno.test("a few lines of a peer that closes at once are all said", async () => {
  await using server = await ServerProcess.start();
  const ann = await LineClient.enter(server.port, "ann");
  const bot = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await bot.write(new TextEncoder().encode("bot\ndeployed 4.2\nall is well\n"));
  bot.close();
  await ann.expect("<bot> deployed 4.2\r\n<bot> all is well\r\n");
  await ann.close();
});

/** A text frame of a client; a mask of zeros changes nothing (RFC 6455 section 5.3). */
function encodeText(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  return Uint8Array.of(0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload);
}

Deno.test(
  "a WebSocket client that resets its connection stops talking",
  { ignore: IS_DENO_2_7 },
  async () => {
    await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
    const ann = await LineClient.enter(server.port, "ann");
    const { host, port } = new URL(server.web);
    const socket = connect({ port: Number(port), host: "127.0.0.1" });
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    socket.write(encodeText('{"type":"hello","name":"wes"}'));
    for (let number = 0; number < 300; number++) {
      socket.write(encodeText(`{"type":"say","room":"lobby","body":"${number}"}`));
    }
    await ann.expect("<wes> 15");
    const start = performance.now();
    socket.resetAndDestroy();
    await ann.expect("* wes left");
    assertLess(performance.now() - start, 4000);
    await ann.close();
  },
);
