/** Clients over SSH that ask for too much, or for what makes no sense, harm nobody else. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { within } from "../support/patience.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";
import { sendPayload, sshNumber, sshString } from "../support/ssh_packets.ts";
import { SshClient } from "../support/ssh_peer.ts";

/** Types of packets (RFC 4250 section 4.1.2). */
const IGNORE = 2;
const SERVICE_REQUEST = 5;
const USERAUTH_REQUEST = 50;
const INFO_RESPONSE = 61;
const GLOBAL_REQUEST = 80;
const CHANNEL_OPEN = 90;
const WINDOW_ADJUST = 93;
const CHANNEL_DATA = 94;
const CHANNEL_EOF = 96;
const CHANNEL_CLOSE = 97;
const CHANNEL_REQUEST = 98;

/** The number of the only channel. */
const CHANNEL = sshNumber(0);
const MANY = rounds(1000, 5000);
const WITH_REPLY = 1;
const NO_REPLY = 0;

const request = (type: string, wantsReply: number, ...rest: number[]) => [
  CHANNEL_REQUEST,
  ...CHANNEL,
  ...sshString(type),
  wantsReply,
  ...rest,
];
const openChannel = (type: string, number: number, window = 0, packet = 32768) => [
  CHANNEL_OPEN,
  ...sshString(type),
  ...sshNumber(number),
  ...sshNumber(window),
  ...sshNumber(packet),
];
const many = (payload: number[]) => Array.from({ length: MANY }, () => payload);

/** What a client sends that has a session, and is served all the same, or is closed. */
const FLOODS: Record<string, number[][]> = {
  "names of variables": many(request("env", WITH_REPLY, ...sshString("A"), ...sshString("b"))),
  "a variable of 30,000 bytes": [
    request("env", WITH_REPLY, ...sshString("A".repeat(15_000)), ...sshString("b".repeat(15_000))),
  ],
  "requests to the server": many([GLOBAL_REQUEST, ...sshString("keepalive@openssh.com"), 1]),
  "forwarding": many([GLOBAL_REQUEST, ...sshString("tcpip-forward"), 1, ...sshString(""), 0, 0]),
  "packets to be ignored": many([IGNORE, ...sshString("x".repeat(100))]),
  "channels of unknown types": many(openChannel("x11", 9)),
  "sessions that take nothing": many(openChannel("session", 7)),
  "windows beyond all bounds": many([WINDOW_ADJUST, ...CHANNEL, 255, 255, 255, 255]),
  "signals nobody knows": many(request("signal", WITH_REPLY, ...sshString("\x1b[31m"))),
  "sizes of a terminal": many(
    request("window-change", NO_REPLY, ...Array<number>(16).fill(255)),
  ),
  "a terminal of no size, with a type of control characters": [
    request(
      "pty-req",
      WITH_REPLY,
      ...sshString("\x1b]0;x\x07\n"),
      ...Array<number>(16).fill(0),
      ...sshString(""),
    ),
    request("shell", WITH_REPLY),
  ],
  "ends of output": [
    request("shell", WITH_REPLY),
    ...many(request("eow@openssh.com", NO_REPLY)),
  ],
  "commands whose output nobody takes": [
    openChannel("session", 1),
    [CHANNEL_REQUEST, ...sshNumber(1), ...sshString("exec"), 1, ...sshString("help")],
    [CHANNEL_REQUEST, ...sshNumber(1), ...sshString("eow@openssh.com"), 0],
    [CHANNEL_CLOSE, ...sshNumber(1)],
  ],
  "several purposes": ["shell", "exec", "subsystem", "shell"].map((type) =>
    request(type, WITH_REPLY, ...sshString("who"))
  ),
  "a command of 30,000 control characters": [
    request("exec", WITH_REPLY, ...sshString("\x1b".repeat(30_000))),
  ],
  "input of no channel": many([CHANNEL_DATA, ...sshNumber(77), ...sshString("hello")]),
  "input after its end": [
    request("shell", WITH_REPLY),
    [CHANNEL_EOF, ...CHANNEL],
    ...many([CHANNEL_DATA, ...CHANNEL, ...sshString("hello\n")]),
  ],
  "closes": many([CHANNEL_CLOSE, ...CHANNEL]),
  "log-ins after the log-in": many([
    USERAUTH_REQUEST,
    ...sshString("bob"),
    ...sshString("ssh-connection"),
    ...sshString("none"),
  ]),
  "services": many([SERVICE_REQUEST, ...sshString("ssh-userauth")]),
  "answers that nobody asked for": many([INFO_RESPONSE, ...sshNumber(1), ...sshString("x")]),
};

Deno.test("a client over SSH that floods the server with packets harms nobody else", async (t) => {
  const listen = ["--listen", "chat=ssh://127.0.0.1:0", "--no-web"];
  await using server = await ServerProcess.start({ args: [...listen, "--max-per-address", "0"] });
  const before = (await server.memory()).now;
  for (const [name, payloads] of Object.entries(FLOODS)) {
    await t.step(name, async () => {
      const client = await SshClient.connect(server.port);
      client.raw._protocol.session(0, 64 * 1024, 32 * 1024);
      try {
        for (const payload of payloads) sendPayload(client.raw, payload);
      } catch {
        // The server has closed already, and the library is at its end.
      }
      const honest = await SshClient.connect(server.port, { username: "bob" });
      const peer = await honest.open({ command: "who" });
      assertMatch(await within("an answer", peer.text()), /./);
      await honest.close();
      await client.close();
    });
  }
  const grown = (await server.memory()).now - before;
  assert(grown < 150 * 2 ** 20, `${grown} bytes more`);
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assert(!TROUBLE.test(stderr), stderr);
});

Deno.test("names that are no names, and keys that are changed again and again, do no harm", async () => {
  const listen = ["--listen", "chat=ssh://127.0.0.1:0", "--no-web"];
  await using server = await ServerProcess.start({ args: listen });
  for (const username of ["", "\x1b[31mred", "a\nb", "\0", "x".repeat(30_000), "\u202e"]) {
    const client = await SshClient.connect(server.port, { username });
    const peer = await client.open();
    await peer.send(new TextEncoder().encode("ann\n/quit\n"));
    const text = await within("a goodbye", peer.text());
    assertMatch(text, /You are ann\./);
    // deno-lint-ignore no-control-regex -- control characters are what must not come back
    assert(!/[\x00\x1b\u202e]/.test(text), text);
    const exec = await client.open({ command: "say ops hello" });
    assertEquals(await within("an end", exec.text()), "");
    assertMatch(exec.stderr, /^Names /);
    await client.close();
  }
  const client = await SshClient.connect(server.port);
  const peer = await client.open();
  for (let round = 0; round < 100; round++) await within("new keys", client.rekey());
  await peer.send(new TextEncoder().encode("/quit\n"));
  assertMatch(await within("a goodbye", peer.text()), /Goodbye/);
  await client.close();
  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  assert(!TROUBLE.test(stderr), stderr);
});
