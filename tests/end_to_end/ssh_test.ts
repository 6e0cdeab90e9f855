/** The SSH door of the real server. */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import {
  PERMISSIONS,
  runToEnd,
  ServerProcess,
  SHARED,
  TROUBLE,
} from "../support/server_process.ts";
import { makeSshKey, SshClient, type SshClientOptions, type SshPeer } from "../support/ssh_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const PASSWORD = "tea at five";
const TERMINAL = { term: "xterm-256color", cols: 80, rows: 24 };
const encoder = new TextEncoder();

const key = makeSshKey();
/** Data in which ann has an account with a password and a key. */
let template: TemporaryDirectory;
/** For tests that need no options, and leave nobody behind. */
let shared: Awaited<ReturnType<typeof open>>;

Deno.test.beforeAll(async () => {
  template = new TemporaryDirectory();
  const keyFile = `${template.path}/ann.pub`;
  await Deno.writeTextFile(keyFile, `${key.public} ann@laptop\n`);
  for (
    const [words, input] of [["add ann", `${PASSWORD}\n`], [`key add ann ${keyFile}`, ""]]
  ) {
    const line = ["account", ...words.split(" "), "--data", template.path];
    const { code, stderr } = await runToEnd(line, { input, denoFlags: PERMISSIONS });
    assertEquals([code, stderr], [0, ""], words);
  }
  shared = await open();
});

Deno.test.afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  template[Symbol.dispose]();
});

/** A chat over SSH and one over TCP, with a copy of the template. */
async function open(args: readonly string[] = []) {
  const listen = ["--listen", "chat=ssh://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
  const server = await ServerProcess.start({
    async prepare(data) {
      for await (const { name, isFile } of Deno.readDir(template.path)) {
        if (isFile) await Deno.copyFile(`${template.path}/${name}`, `${data}/${name}`);
      }
    },
    args: [...listen, "--no-web", ...args],
  });
  const [port, tcp] = server.ports;
  return {
    tcp,
    connect: (options?: SshClientOptions) => SshClient.connect(port, options),
    async [Symbol.asyncDispose]() {
      await using _server = server;
      const { code, stderr } = await server.stop();
      assertEquals(code, 0);
      assert(!TROUBLE.test(stderr), stderr);
    },
  };
}

/** Reads until a text has come; returns everything that has. */
async function see(peer: SshPeer, text: string): Promise<string> {
  let seen = "";
  while (!seen.includes(text)) {
    const bytes = await peer.take();
    assert(bytes, `The end instead of ${text}: ${seen}`);
    seen += new TextDecoder().decode(bytes);
  }
  return seen;
}

/** The exit status; what is left to be read does not matter. */
async function statusOf(peer: SshPeer): Promise<number | undefined> {
  await peer.text();
  return await peer.status;
}

/** Waits until the server has let somebody go, so that the next test does not meet them. */
async function leave(client: LineClient): Promise<void> {
  await client.send("/quit");
  await client.expectEnd();
  await client.close();
}

async function type(peer: SshPeer, text: string): Promise<void> {
  await peer.send(encoder.encode(text));
}

Deno.test(
  "somebody without a key talks at a terminal, without a byte of telnet",
  SHARED,
  async () => {
    const scene = shared;
    const client = await scene.connect({ username: "bob" });
    const peer = await client.open({ terminal: TERMINAL });
    await see(peer, "#lobby>");
    const other = await LineClient.enter(scene.tcp, "carol");
    await type(peer, "h\xffi dar\x7f\x7fear\r");
    await other.expect(/<bob> hÿi dear/);
    const bytes: number[] = [];
    await type(peer, "\x04");
    for (let next = await peer.take(); next; next = await peer.take()) bytes.push(...next);
    assert(!bytes.includes(0xff));
    assertEquals(await peer.status, 0);
    await client.close();
    await leave(other);
  },
);

Deno.test("lines piped in get every answer, and then the end", SHARED, async () => {
  const scene = shared;
  const client = await scene.connect({ username: "bob" });
  const peer = await client.open();
  await type(peer, "hello\n/who\n");
  await peer.end();
  const text = await peer.text();
  assertMatch(text, /^\* Welcome to Partyline\.\r\n\* You are bob\. .*\* In #lobby: bob\r\n$/s);
  assertEquals(await peer.status, 0);
  await client.close();
});

Deno.test("the owner of an account enters with its key, or with its password", SHARED, async () => {
  const scene = shared;
  for (
    const [options, question] of [
      [{ privateKey: key.private }, ""],
      [
        { answers: [PASSWORD] },
        "ann is a registered name. Connect with another one if it is not yours. Password of ann:",
      ],
      [{ password: PASSWORD }, ""],
    ] as const
  ) {
    const client = await scene.connect({ username: "ann", ...options });
    const peer = await client.open();
    await see(peer, "You are logged in as ann.");
    assertEquals(client.questions.join(), question);
    await client.close();
  }
});

Deno.test("a registered name is refused to others", SHARED, async () => {
  const scene = shared;
  await assertRejects(() => scene.connect({ username: "ann", answers: ["wrong"] }), Error);
  await assertRejects(
    () => scene.connect({ username: "ann", privateKey: makeSshKey().private }),
    Error,
  );
});

Deno.test("a key that is known under another name says so", SHARED, async () => {
  const scene = shared;
  const client = await scene.connect({ username: "bob", privateKey: key.private });
  await see(await client.open(), "* Your key is that of ann. Connect as ann to be logged in.");
  await client.close();
});

Deno.test("the owner takes the name back from an older connection", SHARED, async () => {
  const scene = shared;
  const old = await scene.connect({ username: "ann", privateKey: key.private });
  const peer = await old.open();
  await see(peer, "#lobby");
  const client = await scene.connect({ username: "ann", privateKey: key.private });
  await see(await client.open(), "ann was still connected by ssh. That connection has ended.");
  await see(peer, "ann has logged in on another connection, by ssh, so this one has ended.");
  assertEquals(await statusOf(peer), 0);
  await old.close();
  await client.close();
});

Deno.test(
  "whoever comes with a name that is in use, or against the rules, is asked for another",
  SHARED,
  async () => {
    const scene = shared;
    const other = await LineClient.enter(scene.tcp, "bob");
    for (const username of ["bob", "b b", "help"]) {
      const client = await scene.connect({ username });
      const peer = await client.open();
      await see(peer, "What is your name?");
      await type(peer, "carol\n");
      await see(peer, "You are carol.");
      await type(peer, "/quit\n");
      assertEquals(await statusOf(peer), 0);
      await client.close();
    }
    await leave(other);
  },
);

Deno.test("a closed server lets only accounts in, and tells the names of none", async () => {
  await using scene = await open(["--access", "accounts"]);
  await assertRejects(() => scene.connect({ username: "bob" }), Error);
  const client = await scene.connect({ username: "ann", privateKey: key.private });
  await see(await client.open(), "You are logged in as ann.");
  await client.close();
});

Deno.test("a server with a password asks everybody for it", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("password", "open sesame\n");
  await using scene = await open(["--password-file", file]);
  const bob = await scene.connect({ username: "bob", answers: ["open sesame"] });
  await see(await bob.open(), "You are bob.");
  const ann = await scene.connect({
    username: "ann",
    privateKey: key.private,
    answers: ["open sesame"],
  });
  await see(await ann.open(), "You are logged in as ann.");
  assertEquals(ann.questions, ["This server has a password. Password of the server:"]);
  await assertRejects(() => scene.connect({ username: "bob", answers: ["x"] }), Error);
  await bob.close();
  await ann.close();
});

Deno.test("a command goes on its way with both outputs and its status", SHARED, async () => {
  const scene = shared;
  const client = await scene.connect({ username: "bob" });
  const help = await client.open({ command: "help" });
  assert((await help.text()).length > 0);
  assertEquals(await help.status, 0);
  const nonsense = await client.open({ command: "nonsense" });
  assertEquals(await nonsense.text(), "");
  assertEquals(await nonsense.status, 127);
  assertEquals(nonsense.stderr, `There is no command "nonsense". The command help lists them.\n`);
  await client.close();
});

Deno.test("a service without commands refuses them", async () => {
  const args = ["--listen", "echo=ssh://127.0.0.1:0", "--no-web"];
  await using server = await ServerProcess.start({ args });
  const client = await SshClient.connect(server.port);
  const peer = await client.open({ command: "hello" });
  assertEquals([await peer.text(), await peer.status], ["", 1]);
  assertEquals(peer.stderr, "! echo has no commands. Connect without one.\n");
  const echo = await client.open();
  await type(echo, "hello\n");
  await see(echo, "hello\r\n");
  await client.close();
});

Deno.test("channels count as connections of their address", async () => {
  await using scene = await open(["--max-per-address", "3"]);
  const client = await scene.connect({ username: "bob" });
  for (let number = 0; number < 3; number++) await client.open();
  const peer = await client.open();
  await see(peer, "! Too many connections from your address: the limit is 3.");
  assertEquals(await statusOf(peer), 1);
  const command = await client.open({ command: "help" });
  assertEquals([await command.text(), await command.status], ["", 1]);
  await client.close();
});

Deno.test("everybody hears that the server stops", async () => {
  const scene = await open();
  const client = await scene.connect({ username: "bob" });
  const peer = await client.open({ terminal: TERMINAL });
  await see(peer, "#lobby>");
  const hearing = see(peer, "The server is stopping. All messages are saved.");
  await scene[Symbol.asyncDispose]();
  await hearing;
  await client.closed;
});

Deno.test("the fingerprint is printed after the listener, and stays", async () => {
  using data = new TemporaryDirectory();
  const fingerprints: string[] = [];
  for (let run = 0; run < 2; run++) {
    const args = ["--listen", "chat=ssh://127.0.0.1:0"];
    await using server = await ServerProcess.start({ data: data.path, args });
    const { stdout } = await server.stop();
    const [, fingerprint] = /^listening chat (?<at>ssh:\S+)\nhost-key \k<at> (SHA256:\S+)\nready\n$/
      .exec(stdout)!
      .slice(1);
    fingerprints.push(fingerprint);
  }
  assertEquals(fingerprints[0], fingerprints[1]);
});
