/** The logger of the program: every transport, and what members see of it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { LineClient } from "../support/line_client.ts";
import { rounds } from "../support/rounds.ts";
import { PERMISSIONS, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { SocketDirectory } from "../support/socket_directory.ts";
import { findHole, readStoredEvents, type StoredEvent } from "../support/stored_log.ts";

const CHAT = ["--listen", "chat=tcp://127.0.0.1:0"];
/** Lines from five senders together. */
const LINES = rounds(400_000, 900_000, "PARTYLINE_LOG_LINES");
const encoder = new TextEncoder();

async function writeAll(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Sends a text, half-closes, and returns the reply. */
async function pour(connection: Deno.Conn, text: string): Promise<string> {
  await writeAll(connection, text);
  await connection.closeWrite();
  let received = "";
  const buffer = new Uint8Array(4096);
  for (;;) {
    const length = await connection.read(buffer);
    if (length === null) break;
    received += new TextDecoder().decode(buffer.subarray(0, length));
  }
  connection.close();
  return received;
}

async function pourTcp(port: number, text: string): Promise<string> {
  return await pour(await Deno.connect({ hostname: "127.0.0.1", port }), text);
}

async function receiptFor(lines: readonly string[], first: number): Promise<string> {
  const bytes = encoder.encode(lines.map((line) => `${line}\n`).join(""));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const last = first + lines.length - 1;
  return `stored ${lines.length} ${
    lines.length === 1 ? "line" : "lines"
  } as #${first}-#${last} in log sha256=${hash}\r\n`;
}

function show({ kind, from, body, via }: StoredEvent): string {
  return `${kind} ${via} ${from}| ${body}`;
}

/** Waits until a member of the room has seen a text. */
async function enterLog(server: ServerProcess, port: number): Promise<LineClient> {
  assertEquals(server.stderr.match(TROUBLE), null);
  const client = await LineClient.enter(port, "reader");
  await client.send("/join log");
  await client.expect(/\* You are in #log.*\r\n/);
  return client;
}

/** How many lines of a source a member saw, and how many log lines they stand for. */
function countShown({ transcript }: LineClient, source: string): [shown: number, stored: number] {
  const shown = transcript.split("\r\n").filter((line) => line.startsWith(`${source}| `));
  const counts = shown.map((line) => {
    const fold = /\| \.\.\. ([\d,]+) lines, #/.exec(line);
    return fold ? Number(fold[1].replaceAll(",", "")) : 1;
  });
  return [shown.length, counts.reduce((sum, count) => sum + count, 0)];
}

Deno.test("The logger takes lines over TCP, TLS and Unix sockets, and sends a receipt", async () => {
  using directory = new SocketDirectory();
  const { cert, key } = await makeCertificate();
  const [certFile, keyFile] = [`${directory.path}/cert.pem`, `${directory.path}/key.pem`];
  await Deno.writeTextFile(certFile, cert);
  await Deno.writeTextFile(keyFile, key);
  const path = `${directory.path}/log.sock`;
  const tls = `tls://localhost:0?cert=${certFile}&key=${keyFile}`;
  const listen = ["logger=tcp://127.0.0.1:0", `logger=${tls}`, `logger=unix://${path}`];
  const args = listen.flatMap((binding) => ["--listen", binding]);
  await using server = await ServerProcess.start({ args });
  const [tcpPort, tlsPort] = server.ports;

  assertEquals(await pourTcp(tcpPort, "@a\na1\na2"), await receiptFor(["a1", "a2"], 1));
  const secure = await Deno.connectTls({ hostname: "localhost", port: tlsPort, caCerts: [cert] });
  assertEquals(await pour(secure, "@b\nb1\n"), await receiptFor(["b1"], 3));
  const local = await Deno.connect({ transport: "unix", path });
  assertEquals(await pour(local, "no name\n"), await receiptFor(["no name"], 4));
  await server.stop();
  assertEquals(readStoredEvents(server.data).map(show), [
    "log tcp a| a1",
    "log tcp a| a2",
    "log tls b| b1",
    "log unix unix-1| no name",
  ]);
});

Deno.test("The logger takes datagrams over UDP and Unix sockets", async () => {
  using directory = new SocketDirectory();
  const path = `${directory.path}/log.sock`;
  const listen = ["logger=udp://127.0.0.1:0", `logger=unixgram://${path}?room=dev`];
  const args = [...CHAT, ...listen.flatMap((binding) => ["--listen", binding])];
  await using server = await ServerProcess.start({ args });
  const [chatPort, port] = server.ports;
  const reader = await enterLog(server, chatPort);
  await reader.send("/join dev");
  await reader.expect("* You are in #dev");
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  await udp.send(encoder.encode('<155>1 - web1 nginx - - [a k="v"] upstream timed out'), {
    transport: "udp",
    hostname: "127.0.0.1",
    port,
  });
  await reader.expect("#log web1/nginx| upstream timed out\r\n");
  udp.close();
  const local = Deno.listenDatagram({ transport: "unixpacket", path: `${directory.path}/sender` });
  await local.send(encoder.encode("<13>Nov 21 06:29:28 su[7]: hello"), {
    transport: "unixpacket",
    path,
  });
  local.close();
  await reader.expect("su| hello\r\n");
  await reader.close();
  await server.stop();
  const [first, second] = readStoredEvents(server.data).filter(({ kind }) => kind === "log");
  assertEquals(
    [first.room, first.via, first.fields],
    ["log", "syslog", {
      facility: "local3",
      level: "err",
      host: "web1",
      app: "nginx",
      data: { a: { k: "v" } },
    }],
  );
  assertEquals([second.room, second.fields?.app, second.fields?.procid], ["dev", "su", "7"]);
});

Deno.test("Members see a burst as one line, and can talk during it", async () => {
  const args = [...CHAT, "--listen", "logger=tcp://127.0.0.1:0", "--flood-rate", "0"];
  await using server = await ServerProcess.start({ args });
  const [chatPort, port] = server.ports;
  const ann = await LineClient.enter(chatPort, "ann");
  await ann.send("/join log");
  await ann.expect(/\* You are in #log.*\r\n/);
  const bob = await enterLog(server, chatPort);
  await ann.expect(/^\* reader joined\r\n/m);

  const lines = Array.from({ length: 1204 }, (_, number) => `cc -c file${number}.c`);
  const receipt = await pourTcp(port, `@make\n${lines.join("\n")}\n`);
  assertEquals(receipt, await receiptFor(lines, 3));
  await ann.send("/quote #4");
  await bob.expect("<ann> > #4 make| cc -c file1.c\r\n");
  const [shownBurst, storedBurst] = countShown(bob, "make");
  assertEquals(storedBurst, 1204);
  assert(shownBurst < 60, `${shownBurst} lines were shown`);

  // During a long flood, messages get through without delay.
  const flood = await Deno.connect({ hostname: "127.0.0.1", port });
  const chunk = "@flood\n" + "something happened again\n".repeat(2000);
  let isOver = false;
  const flooding = (async () => {
    while (!isOver) await writeAll(flood, chunk);
  })();
  for (let number = 1; number <= 50; number++) {
    await ann.send(`message ${number}`);
    await bob.expect(`<ann> message ${number}\r\n`);
  }
  isOver = true;
  await flooding;
  const [, stored] = /^stored (\d+) lines/.exec(await pour(flood, ""))!;
  await bob.send("/me looks");
  await ann.expect("* reader looks\r\n");
  const [shown, counted] = countShown(ann, "flood");
  assertEquals(counted, Number(stored));
  assert(shown < 300, `${shown} lines were shown for ${stored}`);
  await Promise.all([ann.close(), bob.close()]);
});

Deno.test("Lines in a receipt survive kill -9", async () => {
  const args = ["--listen", "logger=tcp://127.0.0.1:0"];
  await using server = await ServerProcess.start({ args });
  const lines = Array.from({ length: 5000 }, (_, number) => `line ${number}`);
  const receipt = await pourTcp(server.port, lines.join("\n"));
  await server.kill();
  assertEquals(receipt, await receiptFor(lines, 1));
  assertEquals(readStoredEvents(server.data).map(({ body }) => body), lines);
});

Deno.test("A server that stops keeps the lines it received on open connections", async () => {
  const args = ["--listen", "logger=tcp://127.0.0.1:0"];
  await using server = await ServerProcess.start({ args });
  const pipe = await LineClient.connect(server.port);
  await pipe.send("@ack 1", "one", "two");
  await pipe.expect("ack #2\r\n");
  const { code, stderr } = await server.stop();
  assertEquals([code, TROUBLE.test(stderr)], [0, false], stderr);
  assertMatch(
    stderr,
    new RegExp(`^Log with: make 2>&1 \\| nc -N 127\\.0\\.0\\.1 ${server.port}$`, "m"),
  );
  assertMatch(await pipe.expectEnd(), /^\* The server is stopping\./);
  await pipe.close();
  assertEquals(readStoredEvents(server.data).map(({ body }) => body), ["one", "two"]);
});

Deno.test("Every datagram is stored or counted in a gap", async () => {
  const args = [...CHAT, "--listen", "logger=udp://127.0.0.1:0"];
  await using server = await ServerProcess.start({ args });
  const [chatPort, port] = server.ports;
  const reader = await enterLog(server, chatPort);
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const sent = 3000;
  // A suspended server reads nothing, and the system buffers a few hundred.
  server.process.kill("SIGSTOP");
  for (let number = 0; number < sent; number++) {
    const bytes = encoder.encode(`<13>1 - host app - - - line ${number}`);
    await udp.send(bytes, { transport: "udp", hostname: "127.0.0.1", port });
  }
  server.process.kill("SIGCONT");
  udp.close();
  await reader.expect(/\* gap: [\d,]+ datagrams to udp:.* were dropped by the system .*\r\n/);
  await reader.close();
  await server.stop();
  const events = readStoredEvents(server.data);
  assertEquals(findHole(events), undefined);
  const stored = events.filter(({ kind }) => kind === "log").length;
  const dropped = events.filter(({ kind }) => kind === "gap")
    .reduce((sum, { fields }) => sum + Number(fields!.datagrams), 0);
  assert(stored > 0 && dropped > 0, `${stored} stored, ${dropped} dropped`);
  assertEquals(stored + dropped, sent);
});

Deno.test("A server that cannot count dropped datagrams logs that once, and takes the others", async () => {
  const denoFlags = ["--allow-net", "--allow-read", "--allow-write", "--allow-env"];
  const args = [...CHAT, "--listen", "logger=udp://127.0.0.1:0"];
  await using server = await ServerProcess.start({ args, denoFlags });
  const [chatPort, port] = server.ports;
  const reader = await enterLog(server, chatPort);
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  await udp.send(encoder.encode("hello"), { transport: "udp", hostname: "127.0.0.1", port });
  udp.close();
  await reader.expect("127.0.0.1| hello\r\n");
  await server.expectStderr(/warning server: Cannot count .* --allow-run=cat/);
  await reader.close();
});

Deno.test(`Memory stays flat under ${LINES.toLocaleString("en")} lines, with one member who reads and one who does not`, async () => {
  const args = [...CHAT, "--listen", "logger=tcp://127.0.0.1:0"];
  // A small heap: memory shows what the server keeps, not what it has yet to collect.
  const denoFlags = [...PERMISSIONS, "--v8-flags=--max-heap-size=64"];
  await using server = await ServerProcess.start({ args, denoFlags });
  const [chatPort, port] = server.ports;
  const reader = await enterLog(server, chatPort);
  const stuck = await LineClient.enter(chatPort, "stuck");
  await stuck.send("/join log");
  await stuck.expect(/\* You are in #log.*\r\n/);
  stuck.pause();
  const chunk = `${"x".repeat(90)}\n`.repeat(1000);
  const pipes = await Promise.all(
    Array.from({ length: 5 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
  );
  const send = async (thousands: number) => {
    await Promise.all(pipes.map(async (pipe) => {
      for (let sent = 0; sent < thousands; sent++) await writeAll(pipe, chunk);
    }));
  };
  const each = LINES / pipes.length;
  await send(each * 0.3 / 1000);
  const early = await server.memory();
  await send(each * 0.7 / 1000);
  const receipts = await Promise.all(pipes.map((pipe) => pour(pipe, "")));
  for (const receipt of receipts) assert(receipt.startsWith(`stored ${each} lines`), receipt);
  const late = await server.memory();
  const growth = late.highest - early.highest;
  // Measured: 45 to 55 MiB, most of it the whole heap.
  assert(growth < 100 * 2 ** 20, `${early.highest} bytes became ${late.highest}`);
  await reader.send("/me is here");
  stuck.resume();
  await stuck.expect("* reader is here\r\n");
  await Promise.all([reader.close(), stuck.close()]);
});
