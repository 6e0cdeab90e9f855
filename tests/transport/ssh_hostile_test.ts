/** Clients that break the rules of SSH after they have logged in. */

import { assert, assertRejects } from "@std/assert";
import type { ByteConnection, Listener } from "../../lib/transport/connection.ts";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";
import { makePrivateKey } from "../../lib/transport/ssh/openssh_key.ts";
import { listenSsh } from "../../lib/transport/ssh/ssh_listener.ts";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { OPEN_GATE } from "../support/open_gate.ts";
import { within } from "../support/patience.ts";
import { SshClient, SshPeer } from "../support/ssh_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Registers a test with a client that is logged in, and all connections that the server has. */
function test(
  name: string,
  run: (
    client: SshClient,
    scene: { readonly clock: FakeClock; readonly connections: readonly ByteConnection[] },
  ) => Promise<void>,
): void {
  Deno.test(name, { sanitizeResources: !IS_DENO_2_7 }, async () => {
    using directory = new TemporaryDirectory();
    const hostKeyFile = `${directory.path}/key`;
    Deno.writeTextFileSync(hostKeyFile, makePrivateKey());
    const clock = new FakeClock({ settle: settleSockets });
    const listener: Listener = await listenSsh(parseEndpoint("ssh://127.0.0.1:0"), {
      hostKeyFile,
      clock,
      work: { account: () => ({ admit: () => undefined }) },
      gate: OPEN_GATE,
    });
    const connections: ByteConnection[] = [];
    const accepting = (async () => {
      for (;;) connections.push(await listener.accept());
    })().catch(() => {});
    const client = await SshClient.connect(Number(listener.endpoint.split(":").at(-1)));
    try {
      await run(client, { clock, connections });
    } finally {
      for (const connection of connections) connection.close();
      listener.close();
      await client.close();
      await accepting;
    }
  });
}

/** Lets the client break rules that the library would keep. */
function waiveRules(peer: SshPeer): void {
  peer.stream.outgoing.window = Infinity;
}

test("a peer that insists on empty packets is closed", async (client, { clock }) => {
  const { _protocol: protocol } = client.raw;
  protocol.session(5, 1024, 0);
  await settleSockets(20);
  await clock.advance(1000);
  await within("the end", client.closed);
});

test("a peer that sends more than its window is closed", async (client, { clock }) => {
  const peer = await client.open();
  waiveRules(peer);
  void peer.send(new Uint8Array(1024 * 1024)).catch(() => {});
  await settleSockets(50);
  await clock.advance(1000);
  await within("the end", client.closed);
});

test("a peer gets no more than 64 sessions at a time", async (client) => {
  const peers: SshPeer[] = [];
  while (peers.length < 64) peers.push(await client.open());
  await assertRejects(() => client.open(), Error, "Channel open failure");
  peers[0].vanish();
  await peers[0].text();
  await settleSockets(20);
  await client.open();
});

test(
  "a peer that does not finish a key exchange is closed",
  async (client, { clock, connections }) => {
    const peer = await client.open();
    const { _protocol: protocol } = client.raw;
    // The proposal of the server is dropped, and nothing follows.
    client.raw._sock.removeAllListeners("data");
    client.raw._sock.on("data", () => {});
    protocol.rekey();
    await settleSockets(20);
    const writing = connections[0].write(new Uint8Array(100));
    const isWaiting = await Promise.race([
      writing.then(() => false),
      settleSockets(5).then(() => true),
    ]);
    assert(isWaiting, "what is written waits for the new keys");
    const refused = assertRejects(() => writing, Error);
    await clock.advance(60_000);
    await refused;
    void peer;
  },
);

test("a peer that logs in and opens nothing is closed", async (client, { clock }) => {
  await clock.advance(60_000);
  await within("the end", client.closed);
});

test(
  "a peer is closed some time after its last channel",
  async (client, { clock, connections }) => {
    const peer = await client.open();
    await settleSockets(10);
    await clock.advance(70_000);
    connections[0].close();
    await peer.text();
    await settleSockets(10);
    await clock.advance(60_000);
    await within("the end", client.closed);
  },
);
