/** IRC over WebSocket (IRCv3 "websocket"). */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { OPCODES } from "../../lib/codec/websocket_frame.ts";
import { clientFrame, RawPeer } from "../support/raw_peer.ts";
import { WebScene, type WebSceneOptions } from "../support/web_scene.ts";

const encoder = new TextEncoder();

function upgradeIrc(port: number, headers = "", path = "/irc"): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;
}

class IrcSocket {
  readonly peer: RawPeer;
  readonly answer: string;
  readonly #opcode: number;

  private constructor(peer: RawPeer, answer: string, opcode: number) {
    this.peer = peer;
    this.answer = answer;
    this.#opcode = opcode;
  }

  static async open(scene: WebScene, subprotocols?: string): Promise<IrcSocket> {
    const peer = await RawPeer.connect(scene.webPort);
    const headers = subprotocols === undefined ? "" : `Sec-WebSocket-Protocol: ${subprotocols}\r\n`;
    await peer.send(upgradeIrc(scene.webPort, headers));
    const answer = await peer.readUntil("\r\n\r\n");
    const isBinary = answer.includes("binary.ircv3.net");
    return new IrcSocket(peer, answer, isBinary ? OPCODES.binary : OPCODES.text);
  }

  async send(...lines: (string | Uint8Array)[]): Promise<void> {
    for (const line of lines) {
      const bytes = typeof line === "string" ? encoder.encode(line) : line;
      await this.peer.send(clientFrame(this.#opcode, bytes));
    }
  }

  /** The next line; anything but a message of the right kind fails. */
  async next(): Promise<string> {
    const { opcode, payload } = await this.peer.readFrame();
    assertEquals(opcode, this.#opcode, payload);
    return new TextDecoder().decode(Uint8Array.from(payload, (char) => char.charCodeAt(0)));
  }

  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = await this.next();
      if (pattern.test(line)) return line;
    }
  }

  async register(nick: string): Promise<void> {
    await this.send(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    await this.until(/ (?:376|422) /);
  }
}

function open(options?: WebSceneOptions): WebScene {
  return new WebScene({ ...options, withIrc: true });
}

for (const subprotocols of [undefined, "text.ircv3.net", "x, binary.ircv3.net", "x"]) {
  Deno.test(`IRC over WebSocket with the subprotocols ${subprotocols}: a message is a line`, async () => {
    await using scene = open();
    const ann = await IrcSocket.open(scene, subprotocols);
    using _peer = ann.peer;
    const agreed = /^Sec-WebSocket-Protocol: (.*)\r$/m.exec(ann.answer)?.[1];
    const expected = subprotocols?.includes("ircv3") ? subprotocols.split(", ").at(-1) : undefined;
    assertEquals(agreed, expected);
    await ann.register("ann");
    await ann.send("JOIN #tea");
    await ann.until(/ 366 /);
    const bob = await scene.enter("bob", "tea");
    assertMatch(await ann.next(), /^:bob!web@\S+ JOIN #tea$/);
    await ann.send("PRIVMSG #tea :hällo\r\n");
    await bob.hear("hällo");
    await ann.send("PING a", "", "PING b");
    assertMatch(await ann.next(), / PONG \S+ :?a$/);
    assertMatch(await ann.next(), / PONG \S+ :?b$/);
  });
}

Deno.test("IRC over WebSocket ends with ERROR and a close frame", async () => {
  await using scene = open();
  const ann = await IrcSocket.open(scene);
  using _peer = ann.peer;
  await ann.register("ann");
  await ann.send("QUIT :bye");
  assertMatch(await ann.until(/^ERROR /), /^ERROR :/);
  const { opcode, payload } = await ann.peer.readFrame();
  assertEquals([opcode, payload], [OPCODES.close, "\x03\xe8"]);
});

Deno.test("IRC over WebSocket refuses what is not UTF-8", async () => {
  await using scene = open();
  const [text, binary] = [
    await IrcSocket.open(scene, "text.ircv3.net"),
    await IrcSocket.open(scene, "binary.ircv3.net"),
  ];
  using _text = text.peer;
  using _binary = binary.peer;
  const bytes = Uint8Array.of(...encoder.encode("PING "), 0xff);
  await text.register("tom");
  await text.peer.send(clientFrame(OPCODES.binary, bytes));
  assertStringIncludes(await text.next(), "not valid UTF-8");
  await text.send(bytes);
  assertEquals((await text.peer.readFrame()).payload.slice(0, 2), "\x03\xef");
  await binary.register("ann");
  await binary.send(bytes);
  assertStringIncludes(await binary.next(), "not valid UTF-8");
});

Deno.test("IRC over WebSocket needs an upgrade, and the origin of the page", async () => {
  await using scene = open();
  const refused = async (request: string) => {
    using peer = await RawPeer.connect(scene.webPort);
    await peer.send(request);
    return (await peer.readResponse()).status;
  };
  const host = `Host: 127.0.0.1:${scene.webPort}\r\n`;
  assertEquals(await refused(`GET /irc HTTP/1.1\r\n${host}\r\n`), 426);
  const foreign = "Origin: https://elsewhere.example\r\n";
  assertEquals(await refused(upgradeIrc(scene.webPort, foreign)), 403);
  await using plain = new WebScene();
  using peer = await RawPeer.connect(plain.webPort);
  await peer.send(upgradeIrc(plain.webPort));
  assertEquals((await peer.readResponse()).status, 404);
});

Deno.test("IRC over WebSocket says why when the server stops", async () => {
  await using scene = open();
  const ann = await IrcSocket.open(scene);
  using _peer = ann.peer;
  await ann.register("ann");
  const stopped = scene.server.stop();
  await scene.advance(2000);
  assertMatch(await ann.until(/^ERROR /), /stopping/);
  assertEquals((await ann.peer.readFrame()).opcode, OPCODES.close);
  ann.peer.connection.close();
  await stopped;
});

Deno.test("A slow reader of IRC over WebSocket gets everything, in order", async () => {
  await using scene = open({ outboxBytes: 16 * 1024 });
  const ann = await IrcSocket.open(scene);
  using _peer = ann.peer;
  await ann.register("ann");
  await ann.send("JOIN #tea");
  await ann.until(/ 366 /);
  const bob = await IrcSocket.open(scene);
  using _bob = bob.peer;
  await bob.register("bob");
  await bob.send("JOIN #tea");
  await bob.until(/ 366 /);
  const text = "x".repeat(400);
  for (let number = 0; number < 2000; number++) {
    await bob.send(`PRIVMSG #tea :${number} ${text}`);
  }
  await bob.send("PING end");
  await bob.until(/ PONG /);
  for (let number = 0; number < 2000; number++) {
    const line = await ann.until(/ PRIVMSG #tea :/);
    assertStringIncludes(line, ` PRIVMSG #tea :${number} x`);
  }
});
