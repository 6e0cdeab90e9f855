/** Endpoints with `allow`, tried from addresses that are allowed and from others. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { makeCertificate } from "../support/certificate.ts";
import { IS_DENO_2_7 } from "../support/deno_2_7.ts";
import { LineClient } from "../support/line_client.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const SENTENCE = (address: string) =>
  `This server is not open to your address, ${address}. If it should be, tell the person who ` +
  "runs it.";
const STRANGER = "127.0.0.2";

/** Connects from an address of this machine. */
function socketFrom(localAddress: string, port: number): Socket {
  const host = localAddress.includes(":") ? "::1" : "127.0.0.1";
  return createConnection({ host, port, localAddress, allowHalfOpen: true });
}

/** Sends `text` if any, and returns all that comes back. */
async function ask(localAddress: string, port: number, text = ""): Promise<string> {
  const socket = socketFrom(localAddress, port);
  let received = "";
  socket.setEncoding("latin1").on("data", (data: string) => received += data);
  if (text !== "") socket.write(text);
  await once(socket, "end");
  socket.end();
  return received;
}

Deno.test("A closed endpoint for IRC, and a full one, refuse with an ERROR", async () => {
  await using server = await ServerProcess.start({
    args: [
      ...["--max-per-address", "1"],
      ...["--listen", "irc=tcp://0.0.0.0:0?allow=127.0.0.1"],
    ],
  });
  const [port] = server.ports;
  assertEquals(await ask(STRANGER, port), `ERROR :Closing link: ${SENTENCE(STRANGER)}\r\n`);
  const first = socketFrom("127.0.0.1", port);
  await once(first, "connect");
  assertEquals(
    await ask("127.0.0.1", port),
    "ERROR :Closing link: Too many connections from your address: the limit is 1. " +
      "Close one and try again.\r\n",
  );
  first.end();
});

Deno.test("A closed endpoint greets the addresses that are allowed, and refuses others", async () => {
  const allow = "allow=127.0.0.1,::1";
  await using server = await ServerProcess.start({
    args: [
      ...["--max-per-address", "2"],
      ...["--listen", `chat=telnet://0.0.0.0:0?${allow}`, "--listen", `chat=tcp://[::]:0?${allow}`],
      ...["--listen", `logger=tcp://0.0.0.0:0?room=x,${allow}`],
      ...["--listen", `bank=tcp://[::]:0?${allow}`],
    ],
  });
  for (const port of server.ports) {
    for (let count = 0; count < 4; count++) {
      assertEquals(await ask(STRANGER, port), `! ${SENTENCE(STRANGER)}\r\n`);
    }
    // What a stranger sends is never carried out.
    assertEquals(await ask(STRANGER, port, "jack:dp\n"), `! ${SENTENCE(STRANGER)}\r\n`);
  }
  const [telnet, tcp, , bank] = server.ports;
  for (const [port, host] of [[telnet, "127.0.0.1"], [tcp, "127.0.0.1"], [tcp, "::1"]] as const) {
    const client = await LineClient.connect(port, host);
    await client.expect("What is your name?");
    await client.close();
  }
  const client = await LineClient.connect(bank, "::1");
  await client.send("jack:dp");
  await client.expect("jack's money: 1\r\n");
  await client.close();

  const { code, stderr } = await server.stop();
  assertEquals(code, 0);
  // One line at once for each endpoint, and one with the number at the end.
  const lines = stderr.split("\n").filter((line) => line.includes("Refused"));
  assertEquals(lines.length, 8, stderr);
  assertStringIncludes(lines[0], `Refused ${STRANGER} at telnet://0.0.0.0:0, which is open to `);
  assertStringIncludes(lines[4], "Refused 4 times at ");
});

Deno.test("A closed web page answers others with a problem", async () => {
  await using server = await ServerProcess.start({
    args: ["--web", "http://[::]:0?allow=127.0.0.1,::1"],
  });
  const { port } = new URL(server.web);
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
  for (const path of ["/", "/api/rooms", "/ws", "/health"]) {
    const [head, body] = (await ask(STRANGER, Number(port), request(path))).split("\r\n\r\n");
    assert(head.startsWith("HTTP/1.1 403 Forbidden\r\n"), head);
    assert(head.includes("\r\nConnection: close"), head);
    assertStringIncludes(head.toLowerCase(), `\r\ncontent-length: ${body.length}`);
    assertStringIncludes(head.toLowerCase(), "\r\ncontent-type: application/problem+json");
    assertEquals(JSON.parse(body), {
      type: "about:blank",
      title: "Forbidden",
      status: 403,
      code: "address-not-allowed",
      detail: SENTENCE(STRANGER),
    });
  }
  for (const host of ["127.0.0.1", "[::1]"]) {
    const response = await fetch(`http://${host}:${port}/api/rooms`);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
});

Deno.test("A closed TLS endpoint refuses others before the handshake, in words that TLS has", {
  ignore: IS_DENO_2_7,
}, async () => {
  using directory = new TemporaryDirectory();
  const { cert, key } = await makeCertificate();
  await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
  await Deno.writeTextFile(`${directory.path}/key.pem`, key);
  const query = `allow=127.0.0.1,cert=${directory.path}/cert.pem,key=${directory.path}/key.pem`;
  await using server = await ServerProcess.start({
    args: [
      ...["--listen", `chat=tls://127.0.0.1:0?${query}`],
      ...["--web", `https://127.0.0.1:0?${query}`],
    ],
  });
  const web = Number(new URL(server.web).port);
  for (const port of [server.port, web]) {
    const socket = connectTls({
      socket: socketFrom(STRANGER, port),
      ca: cert,
      servername: "localhost",
    });
    const [error] = await once(socket, "error").catch((error) => [error]);
    assert(/access.?denied/i.test(`${error.code} ${error.message}`), error);
    socket.destroy();
  }
  assertEquals(await ask(STRANGER, server.port, "jack\r\n"), `! ${SENTENCE(STRANGER)}\r\n`);
  const answer = await ask(STRANGER, web, "GET / HTTP/1.1\r\n\r\n");
  assert(answer.startsWith("HTTP/1.1 403 Forbidden\r\n"), answer);

  const options = { hostname: "localhost", port: server.port, caCerts: [cert] };
  using peer = new RawPeer(await Deno.connectTls(options));
  assertStringIncludes(await peer.readUntil("your name?"), "your name?");
});

Deno.test("A closed datagram endpoint drops what others send, and records how much", async () => {
  await using server = await ServerProcess.start({
    args: [
      ...["--listen", "logger=udp://127.0.0.1:0?room=lines,allow=127.0.0.1"],
      ...[
        "--listen",
        "echo=udp://127.0.0.1:0?allow=127.0.0.1",
        "--listen",
        "chat=tcp://127.0.0.1:0",
      ],
    ],
  });
  const [logger, echo, chat] = server.ports;
  using sockets = new DisposableStack();
  const open = (hostname: string) => {
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    return sockets.adopt(socket, (socket) => socket.close());
  };
  const [stranger, friend] = [open(STRANGER), open("127.0.0.1")];
  const to = (port: number) => ({ transport: "udp", hostname: "127.0.0.1", port }) as const;
  const encoder = new TextEncoder();
  const reader = await LineClient.enter(chat, "jack");
  await reader.send("/join lines");
  await reader.expect("You are in #lines");
  for (let count = 0; count < 3; count++) {
    await stranger.send(encoder.encode("<13>from a stranger"), to(logger));
  }
  await friend.send(encoder.encode("from a friend"), to(logger));
  await reader.expect("from a friend");
  await reader.expect(
    `gap: 3 datagrams to udp://127.0.0.1:${logger} were dropped: their senders' addresses are ` +
      "not allowed there",
  );
  await stranger.send(encoder.encode("hello"), to(echo));
  await friend.send(encoder.encode("hello"), to(echo));
  const [answer] = await friend.receive();
  assertEquals(new TextDecoder().decode(answer), "hello");
  await reader.close();

  await stranger.send(encoder.encode("<13>too late for a report of its own"), to(logger));
  await friend.send(encoder.encode("last"), to(logger));
  const { stderr } = await server.stop();
  assertEquals(stderr.match(/Refused/g)?.length, 3, stderr);
  const gaps = readStoredEvents(server.data).filter(({ kind }) => kind === "gap");
  assertEquals(gaps.map(({ fields }) => fields), [
    { reason: "address", datagrams: 3 },
    { reason: "address", datagrams: 1 },
  ]);
});

Deno.test("The server says at start who can reach which port, and warns of what everybody can read", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.writeFile("password", "correct horse\n");
  await Deno.chmod(file, 0o644);
  await using server = await ServerProcess.start({
    args: [
      ...["--listen", "chat=telnet://[::]:0", "--listen", "logger=tcp://0.0.0.0:0?allow=::1/16"],
      ...["--listen", "logger=udp://0.0.0.0:0?allow=10.0.0.0/8", "--web", "http://0.0.0.0:0"],
      ...["--password-file", file],
    ],
  });
  const { stderr } = await server.stop();
  const [telnet, , udp] = server.ports;
  const only = "Only people with the password can read and write every room that is not private.";
  assertStringIncludes(
    stderr,
    ` info cli: Open to all addresses: chat telnet://[::]:${telnet}, web ${server.web}/. ${only}`,
  );
  assertStringIncludes(stderr, " info cli: Open to ::/16: logger tcp://0.0.0.0:");
  assertStringIncludes(
    stderr,
    ` info cli: Open to 10.0.0.0/8: logger udp://0.0.0.0:${udp}. Anyone at these addresses can ` +
      "write log lines.",
  );
  assertStringIncludes(
    stderr,
    ` warning cli: Passwords can be read on the way to chat telnet://`,
  );
  assertStringIncludes(
    stderr,
    ` warning cli: Every user of this machine can read the password in ${file}. To prevent that: ` +
      `chmod o-r ${file}`,
  );
  assert(!stderr.includes("correct horse"));
});
