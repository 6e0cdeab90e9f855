import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { ByteConnection, Listener } from "../../lib/transport/connection.ts";
import { ListenError, parseEndpoint } from "../../lib/transport/endpoint.ts";
import type { Gate } from "../../lib/transport/ssh/gatekeeper.ts";
import { listenSsh, type SshOptions } from "../../lib/transport/ssh/ssh_listener.ts";
import { FakeClock, settleSockets } from "../support/fake_clock.ts";
import { GivenTurns } from "../support/given_turns.ts";
import { OPEN, OPEN_GATE } from "../support/open_gate.ts";
import { within } from "../support/patience.ts";
import { makeProtectedSshKey, makeSshKey, SshClient, SshPeer } from "../support/ssh_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { testByteTransport } from "./connection_contract.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const hostKey = makeSshKey();
const keyDirectory = new TemporaryDirectory();
const keyFile = keyDirectory.writeFile("key", hostKey.private);
addEventListener("unload", () => keyDirectory[Symbol.dispose]());

function listen(options: Partial<SshOptions> = {}): Promise<Listener> {
  return listenSsh(parseEndpoint(`ssh://127.0.0.1:0?host-key=${keyFile}`), {
    hostKeyFile: "",
    gate: OPEN_GATE,
    work: { account: () => ({ admit: () => undefined }) },
    ...options,
  });
}

const portOf = ({ endpoint }: Listener) => Number(endpoint.split(":").at(-1));

/** A channel that is the only one of its connection. */
class LonePeer extends SshPeer {
  readonly #client: SshClient;

  constructor(client: SshClient, { stream }: SshPeer) {
    super(stream);
    this.#client = client;
  }

  override vanish(): void {
    void this.#client.close();
  }
}

testByteTransport("listenSsh()", {
  listen: () => listen(),
  connect: async (listener) => {
    const client = await SshClient.connect(portOf(listener)).catch((error) => {
      const isRefused = error.code === "ECONNREFUSED";
      throw isRefused ? new Deno.errors.ConnectionRefused(error.message) : error;
    });
    return new LonePeer(client, await client.open());
  },
  isUnordered: true,
  closesBothSides: true,
});

/** Runs a test with a client that is logged in. */
function test(name: string, run: (scene: Scene) => Promise<void>): void {
  Deno.test(name, async () => {
    const listener = await listen();
    const client = await connect(listener);
    try {
      await run({ listener, client });
    } finally {
      listener.close();
      await client.close();
    }
  });
}

interface Scene {
  readonly listener: Listener;
  readonly client: SshClient;
}

/** Listeners accept connections only while somebody waits for channels. */
async function connect(listener: Listener, options = {}): Promise<SshClient> {
  accepting.set(listener, accepting.get(listener) ?? listener.accept());
  accepting.get(listener)!.catch(() => {});
  return await SshClient.connect(portOf(listener), options);
}

const accepting = new WeakMap<Listener, Promise<ByteConnection>>();

async function accept(listener: Listener): Promise<ByteConnection> {
  const connection = await (accepting.get(listener) ?? listener.accept());
  accepting.delete(listener);
  return connection;
}

test("a shell without a terminal is a connection without a terminal", async ({ listener, client }) => {
  const peer = await client.open();
  const connection = await accept(listener);
  assertEquals([connection.terminal, connection.command], [undefined, undefined]);
  assertEquals(connection.identity, { name: "ann" });
  peer.vanish();
  connection.close();
});

test("a terminal tells its type, its size, and changes of its size", async ({ listener, client }) => {
  const peer = await client.open({ terminal: { term: "xterm", cols: 100, rows: 30 } });
  const connection = await accept(listener);
  const { terminal } = connection;
  assertEquals(terminal?.type, "xterm");
  assertEquals(terminal?.size, { columns: 100, rows: 30 });
  const resized = new Promise<void>((resolve) => terminal!.onResize = resolve);
  peer.stream.setWindow(40, 120, 0, 0);
  await resized;
  assertEquals(terminal?.size, { columns: 120, rows: 40 });
  connection.close();
});

test("a command has two outputs and an exit status", async ({ listener, client }) => {
  const peer = await client.open({ command: "say hello" });
  const connection = await accept(listener);
  assertEquals(connection.command?.text, "say hello");
  await connection.write(encoder.encode("out"));
  await connection.command!.writeError(encoder.encode("err"));
  connection.exit!(3);
  await connection.closeWrite();
  assertEquals([await peer.text(), await peer.status, peer.stderr], ["out", 3, "err"]);
  connection.close();
});

test("a command is stopped by a signal", async ({ listener, client }) => {
  const peer = await client.open({ command: "tail" });
  const { command, close } = await accept(listener).then((connection) => ({
    command: connection.command!,
    close: () => connection.close(),
  }));
  const stopped = new Promise((resolve) => command.signal.addEventListener("abort", resolve));
  assert(!command.signal.aborted);
  peer.stream.signal("INT");
  await within("the signal", stopped);
  close();
});

test("a command is stopped when its peer is gone", async ({ listener, client }) => {
  await client.open({ command: "tail" });
  const connection = await accept(listener);
  const { signal } = connection.command!;
  const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
  await client.close();
  await within("the end", stopped);
  connection.close();
});

test("ten channels of one connection are apart", async ({ listener, client }) => {
  const peers: SshPeer[] = [];
  const connections: ByteConnection[] = [];
  for (let number = 0; number < 10; number++) {
    peers.push(await client.open());
    connections.push(await accept(listener));
  }
  // The first one is never read, and the others are not held up by it.
  void peers[0].send(new Uint8Array(500_000)).catch(() => {});
  for (let number = 1; number < 10; number++) {
    await peers[number].send(encoder.encode(`from ${number}`));
    const { value } = await connections[number].bytes[Symbol.asyncIterator]().next();
    assertEquals(decoder.decode(value), `from ${number}`);
    await connections[number].write(encoder.encode(`to ${number}`));
    assertEquals(decoder.decode(await peers[number].take()), `to ${number}`);
  }
  for (const connection of connections) connection.close();
});

test("a peer that reads nothing on one channel still gets the others", async ({ listener, client }) => {
  const [slow, first] = [await client.open(), await accept(listener)];
  const [quick, second] = [await client.open(), await accept(listener)];
  // The library reads as long as nobody pauses it.
  slow.stream.removeAllListeners("readable");
  slow.stream.pause();
  const writing = (async () => {
    for (;;) await first.write(new Uint8Array(64 * 1024));
  })();
  await settleSockets(50);
  await second.write(encoder.encode("news"));
  assertEquals(decoder.decode(await quick.take()), "news");
  first.close();
  await assertRejects(() => writing, Error);
  second.close();
});

test("new keys are agreed on in the midst of output", async ({ listener, client }) => {
  const peer = await client.open();
  const connection = await accept(listener);
  const sent = new Uint8Array(1_000_000).fill(65);
  const writing = (async () => {
    for (let at = 0; at < sent.length;) at += await connection.write(sent.subarray(at));
    await connection.closeWrite();
  })();
  await client.rekey();
  assertEquals((await peer.text()).length, sent.length);
  await writing;
});

test("subsystems are refused with a sentence", async ({ client }) => {
  const peer = await client.subsystem("sftp");
  assertEquals(await peer.text(), "");
  assertEquals(await peer.status, 1);
  assertEquals(peer.stderr, "! There is no sftp here, only a chat and its commands.\n");
});

test("forwarding is refused", async ({ client }) => {
  await assertRejects(() => client.forward(), Error, "Channel open failure");
});

Deno.test("a listener accepts a peer in one turn, and begins a key exchange in another", async () => {
  const turns = new GivenTurns();
  let met = 0;
  const gate: Gate = {
    meet(connection) {
      met++;
      return OPEN_GATE.meet(connection);
    },
  };
  const listener = await listen({ gate, work: { account: () => turns } });
  const accepting = listener.accept().catch(() => {});
  const peers: Deno.TcpConn[] = [];
  for (let begun = 0; begun < 3; begun++) {
    const peer = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
    peers.push(peer);
    await peer.write(encoder.encode("SSH-2.0-peer\r\n"));
    await settleSockets();
    const buffer = new Uint8Array(1000);
    const hearing = peer.read(buffer);
    await turns.give();
    assert(await hearing, "our identification");
    await settleSockets();
    assertEquals(met, begun);
    await turns.give();
    await turns.give(); // for what the peer has sent
    assertEquals(met, begun + 1);
  }
  listener.close();
  await accepting;
  for (const peer of peers) peer.close();
});

Deno.test("a listener tells the fingerprint of its host key", async () => {
  const listener = await listen();
  assertMatch(listener.fingerprint ?? "", /^SHA256:[\w+/]{43}$/);
  listener.close();
});

Deno.test("a host key is made if there is none, for its owner only, and stays", async () => {
  using directory = new TemporaryDirectory();
  const hostKeyFile = `${directory.path}/key`;
  const open = async () => {
    const listener = await listenSsh(parseEndpoint("ssh://127.0.0.1:0"), {
      hostKeyFile,
      gate: OPEN_GATE,
      work: { account: () => ({ admit: () => undefined }) },
    });
    listener.close();
    return listener.fingerprint;
  };
  const fingerprint = await open();
  assertEquals(await open(), fingerprint);
  assertEquals((await Deno.stat(hostKeyFile)).mode! & 0o777, 0o600);
  assertEquals(Array.from(Deno.readDirSync(directory.path), ({ name }) => name), ["key"]);
});

Deno.test("a reload refuses to replace a host key whose file is gone", async () => {
  using directory = new TemporaryDirectory();
  const hostKeyFile = `${directory.path}/key`;
  const listener = await listenSsh(parseEndpoint("ssh://127.0.0.1:0"), {
    hostKeyFile,
    gate: OPEN_GATE,
    work: { account: () => ({ admit: () => undefined }) },
  });
  const { fingerprint } = listener;
  await Deno.remove(hostKeyFile);
  await assertRejects(
    () => listener.prepareReload!(),
    ListenError,
    `the host key ${hostKeyFile} is gone. Put it back, or restart the server to make a new one.`,
  );
  assertEquals([...Deno.readDirSync(directory.path)], []);
  assertEquals(listener.fingerprint, fingerprint);
  listener.close();
});

for (
  const [what, text, sentence] of [
    ["text", "hello", "is no private key. Make one with ssh-keygen"],
    ["a public key", hostKey.public, "is a public key. Name the private one"],
    ["a passphrase", makeProtectedSshKey(), "has a passphrase. Choose one without."],
    ["nothing", undefined, "there is no host key"],
  ] as const
) {
  Deno.test(`a host key file with ${what} is refused with a sentence`, async () => {
    using directory = new TemporaryDirectory();
    const file = `${directory.path}/key`;
    if (text !== undefined) await Deno.writeTextFile(file, text);
    const error = await assertRejects(
      () =>
        listenSsh(parseEndpoint(`ssh://127.0.0.1:0?host-key=${file}`), {
          hostKeyFile: "",
          gate: OPEN_GATE,
          work: { account: () => ({ admit: () => undefined }) },
        }),
      ListenError,
    );
    assert(error.message.includes(sentence), error.message);
  });
}

/** Sends 64 MB of bytes that are not SSH. */
async function pourInto(connection: Deno.Conn): Promise<void> {
  const flood = new Uint8Array(64 * 1024).fill(10);
  for (let count = 0; count < 1000; count++) await connection.write(flood);
}

/** What a peer hears that sends `text`. */
async function hear(listener: Listener, text: string): Promise<string> {
  listener.accept().catch(() => {});
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
  await connection.write(encoder.encode(text));
  let heard = "";
  const buffer = new Uint8Array(1000);
  for (;;) {
    const length = await connection.read(buffer).catch(() => null);
    if (length === null) return heard;
    heard += decoder.decode(buffer.subarray(0, length));
  }
}

Deno.test("a peer that speaks HTTP gets an answer in HTTP", async () => {
  const listener = await listen();
  const answer = await hear(listener, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  assertMatch(answer, /^HTTP\/1\.1 400 Bad Request\r\n.*Connect with ssh\.\n$/s);
  listener.close();
});

Deno.test("a peer that speaks something else gets a hint", async () => {
  const listener = await listen();
  for (const text of ["hello\r\n", "\x16\x03\x01\x02", "SSH-1.5-old\n", "x".repeat(300)]) {
    const heard = await hear(listener, text);
    assertEquals(
      heard.replace(/^SSH-2.*\r\n/, "").startsWith("! This port speaks SSH."),
      true,
      text,
    );
  }
  listener.close();
});

Deno.test("a peer that keeps sending something other than SSH is closed", async () => {
  const listener = await listen({ clock: new FakeClock() });
  listener.accept().catch(() => {});
  using peer = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
  await assertRejects(() => pourInto(peer), Error);
  listener.close();
});

Deno.test("a peer that waits for us to speak hears our name", async () => {
  const clock = new FakeClock({ settle: settleSockets });
  const listener = await listen({ clock });
  listener.accept().catch(() => {});
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
  const reading = connection.read(new Uint8Array(100));
  await settleSockets(20);
  await clock.advance(200);
  assertEquals(await reading, "SSH-2.0-OpenSSH_compatible_Partyline\r\n".length);
  listener.close();
});

for (
  const [what, ms, say] of [
    ["names itself", 10_000, ""],
    ["logs in", 120_000, "SSH-2.0-slow\r\n"],
  ] as const
) {
  Deno.test(`a peer that never ${what} is closed`, async () => {
    const clock = new FakeClock({ settle: settleSockets });
    const listener = await listen({ clock });
    listener.accept().catch(() => {});
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
    await connection.write(encoder.encode(say));
    await settleSockets(20);
    await clock.advance(ms + 2000);
    const buffer = new Uint8Array(10_000);
    for (;;) {
      const length = await within("the end", connection.read(buffer).catch(() => null));
      if (length === null) break;
    }
    listener.close();
  });
}

Deno.test("with too many peers that wait, the one that has waited longest is closed", async () => {
  const listener = await listen({ maxWaiting: 2 });
  listener.accept().catch(() => {});
  const open = () => Deno.connect({ hostname: "127.0.0.1", port: portOf(listener) });
  const peers = [await open(), await open()];
  await settleSockets(20);
  peers.push(await open());
  const buffer = new Uint8Array(100);
  await peers[0].read(buffer).catch(() => null);
  assertEquals(await peers[0].read(buffer).catch(() => null), null);
  for (const peer of peers) peer.close();
  listener.close();
});

Deno.test("a peer that asks too often to be let in is closed", async () => {
  let keys = 0;
  const gate: Gate = {
    meet: () => ({
      ...OPEN,
      considersKey: () => ++keys < 0,
      question: () => ({ explanation: "", prompt: "?" }),
      takeAnswer: () => Promise.resolve("refused"),
    }),
  };
  const listener = await listen({ gate });
  listener.accept().catch(() => {});
  const authHandler = () => ({ type: "password", username: "ann", password: "x" });
  await assertRejects(() => SshClient.connect(portOf(listener), { authHandler }), Error);
  listener.close();
});

Deno.test("a peer that can only get in with a key is told, and not asked again", async () => {
  const gate: Gate = {
    meet: () => ({
      ...OPEN,
      considersKey: () => false,
      question: () => ({ explanation: "Only keys will do.", prompt: undefined }),
      takeAnswer: () => Promise.reject(new Error("There was no question")),
    }),
  };
  const listener = await listen({ gate });
  listener.accept().catch(() => {});
  const left: unknown[] = [];
  const methods = ["none", "password", "keyboard-interactive"];
  const authHandler = (now: unknown, _: unknown, next: (method: string | false) => void) => {
    left.push(now);
    next(methods.shift() ?? false);
  };
  const options = { authHandler, password: "x", tryKeyboard: true };
  await assertRejects(() => SshClient.connect(portOf(listener), options), Error);
  assertEquals(left.at(-1), ["publickey"]);
  listener.close();
});

Deno.test("of answers to one question the first counts, and none is an empty one", async () => {
  const taken: string[] = [];
  const gate: Gate = {
    meet: () => ({
      ...OPEN,
      considersKey: () => false,
      question: () => ({ explanation: "", prompt: "?" }),
      takeAnswer: (_, answer) => Promise.resolve(taken.push(answer) < 3 ? "more" : "in"),
    }),
  };
  const listener = await listen({ gate });
  listener.accept().catch(() => {});
  const answers = [[], ["a", "b", "c"], ["x".repeat(30_000)]];
  const client = await SshClient.connect(portOf(listener), {
    authHandler: [{
      type: "keyboard-interactive",
      username: "ann",
      prompt: (_: string, __: string, ___: string, ____: unknown, finish: (a: string[]) => void) =>
        finish(answers.shift()!),
    }],
  });
  assertEquals(taken, ["", "a", "x".repeat(30_000)]);
  await client.close();
  listener.close();
});
