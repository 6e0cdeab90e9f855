/** Peers that speak SSH badly, before and after the key exchange, harm nobody but themselves. */

import { assertEquals } from "@std/assert";
import type { Listener } from "../../lib/transport/connection.ts";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";
import { makePrivateKey } from "../../lib/transport/ssh/openssh_key.ts";
import { listenSsh } from "../../lib/transport/ssh/ssh_listener.ts";
import { OPEN_GATE } from "../support/open_gate.ts";
import { within } from "../support/patience.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { sendPayload } from "../support/ssh_packets.ts";
import { SshClient } from "../support/ssh_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const encoder = new TextEncoder();

/** A server that returns what it is sent, over any channel. */
class EchoServer implements Disposable {
  readonly port: number;
  readonly #listener: Listener;

  private constructor(listener: Listener) {
    this.#listener = listener;
    this.port = Number(listener.endpoint.split(":").at(-1));
    void this.#serve();
  }

  static async start(): Promise<EchoServer> {
    using directory = new TemporaryDirectory();
    const listener = await listenSsh(parseEndpoint("ssh://127.0.0.1:0"), {
      hostKeyFile: directory.writeFile("key", makePrivateKey()),
      work: { account: () => ({ admit: () => undefined }) },
      gate: OPEN_GATE,
    });
    return new EchoServer(listener);
  }

  /** Checks that an honest peer is served. */
  async check(): Promise<void> {
    const client = await SshClient.connect(this.port);
    const peer = await client.open();
    await peer.send(encoder.encode("still there?"));
    assertEquals(new TextDecoder().decode(await peer.take()), "still there?");
    await client.close();
  }

  async #serve(): Promise<void> {
    for (;;) {
      const connection = await this.#listener.accept().catch(() => undefined);
      if (!connection) return;
      (async () => {
        for await (const chunk of connection.bytes) await connection.write(chunk);
        await connection.closeWrite();
      })().catch(() => {}).finally(() => connection.close());
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

/** Sends pieces, ends, and reads until the server has closed. */
async function speak(port: number, pieces: readonly Uint8Array[]): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const heard = (async () => {
    const buffer = new Uint8Array(4096);
    while (await connection.read(buffer).catch(() => null) !== null);
  })();
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const length = await connection.write(piece.subarray(at)).catch(() => Infinity);
      at += length;
    }
  }
  await connection.closeWrite().catch(() => {});
  await within("the server to close", heard);
}

/** A binary packet without encryption (RFC 4253 section 6). */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 8 - (payload.length + 5) % 8 + 8;
  const bytes = new Uint8Array(5 + payload.length + padding);
  new DataView(bytes.buffer).setUint32(0, 1 + payload.length + padding);
  bytes[4] = padding;
  bytes.set(payload, 5);
  return bytes;
}

/** A proposal that the server agrees to (RFC 4253 section 7.1), or one with a wrong byte. */
function proposal(random: SeededRandom): Uint8Array {
  const cipher = "aes128-ctr";
  const mac = "hmac-sha2-256";
  const kex = random.pick(["curve25519-sha256", "curve25519-sha256,kex-strict-c-v00@openssh.com"]);
  const lists = [kex, "ssh-ed25519", cipher, cipher, mac, mac, "none", "none", "", ""];
  const body = lists.flatMap((list) => [0, 0, 0, list.length, ...encoder.encode(list)]);
  const payload = Uint8Array.from([20, ...random.bytes(16), ...body, random.int(2), 0, 0, 0, 0]);
  if (random.int(4) === 0) payload[random.int(payload.length)] = random.int(256);
  return payload;
}

/** The peer's half of an exchange (RFC 8731 section 3), perhaps of a wrong length. */
function half(random: SeededRandom): Uint8Array {
  const length = random.int(3) === 0 ? random.int(64) : 32;
  return Uint8Array.from([30, 0, 0, 0, length, ...random.bytes(length)]);
}

function cut(bytes: Uint8Array, random: SeededRandom): Uint8Array[] {
  const at = random.int(bytes.length + 1);
  return [bytes.slice(0, at), bytes.slice(at)];
}

Deno.test("a peer whose first bytes are anything is closed, and others are served", async () => {
  using server = await EchoServer.start();
  const random = new SeededRandom(SEED);
  for (let round = 0; round < rounds(100, 1000); round++) {
    const line = encoder.encode("SSH-2.0-fuzz 1\r\n");
    if (random.int(2) === 0) line[random.int(line.length)] = random.int(256);
    const noise = random.bytes(random.int(600));
    const bytes = random.int(4) === 0 ? noise : new Uint8Array([...line, ...noise]);
    await speak(server.port, cut(bytes, random));
  }
  await server.check();
});

Deno.test("a peer whose packets before the exchange are anything is closed", async () => {
  using server = await EchoServer.start();
  const random = new SeededRandom(SEED);
  for (let round = 0; round < rounds(100, 3000); round++) {
    const pieces: Uint8Array[] = [encoder.encode("SSH-2.0-fuzz\r\n")];
    // What follows is often part of an exchange.
    if (random.int(3) > 0) pieces.push(packet(proposal(random)));
    for (let count = random.int(6); count >= 0; count--) {
      const isHalf = random.int(3) === 0;
      const payload = isHalf ? half(random) : random.bytes(1 + random.int(200));
      if (!isHalf) payload[0] = random.int(2) === 0 ? 20 + random.int(15) : random.int(101);
      const bytes = packet(payload);
      if (random.int(4) === 0) bytes[random.int(bytes.length)] = random.int(256);
      pieces.push(...cut(bytes, random));
    }
    await speak(server.port, pieces);
  }
  await server.check();
});

/** A payload of some type, with lengths and numbers that are now and then plausible. */
function randomPayload(random: SeededRandom, first: number, last: number): Uint8Array {
  const parts: number[] = [first + random.int(last - first + 1)];
  const names = ["session", "shell", "exec", "pty-req", "env", "signal", "subsystem", "none"];
  for (let count = random.int(8); count > 0; count--) {
    const text = encoder.encode(names[random.int(names.length)]);
    const choice = random.int(5);
    if (choice === 0) parts.push(0, 0, 0, text.length, ...text);
    else if (choice === 1) parts.push(0, 0, 0, random.int(4));
    else if (choice === 2) parts.push(random.int(2));
    else if (choice === 3) parts.push(255, 255, 255, 255);
    else parts.push(...random.bytes(random.int(40)));
  }
  return Uint8Array.from(parts);
}

Deno.test("a peer whose packets after logging in are anything harms nobody else", async () => {
  using server = await EchoServer.start();
  const random = new SeededRandom(SEED);
  for (let round = 0; round < rounds(20, 200); round++) {
    const client = await SshClient.connect(server.port);
    await within("a channel", client.open());
    try {
      for (let count = 0; count < 30; count++) {
        // Those for log-ins and key exchanges among them.
        const [first, last] = random.int(4) === 0 ? [1, 70] : [80, 100];
        sendPayload(client.raw, randomPayload(random, first, last));
      }
    } catch {
      // The server has closed already, and the library is at its end.
    }
    client.raw.end();
    await client.close();
  }
  await server.check();
});
