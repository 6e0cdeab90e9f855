/** A clean stop keeps the lines that arrive while the server is stopping. */

import {
  assert,
  assertEquals,
  assertLess,
  assertLessOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { rounds } from "../support/rounds.ts";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";

const STOPS = rounds(2, 10, "PARTYLINE_STOPS");
/** Lines sent before the server is told to stop. */
const LINES_BEFORE = 300;
/**
 * The most lines in flight when the connection closes: those written in its last 100 ms. The sender
 * only learns that the connection is closed from the answer to a line that arrives too late, and on
 * a busy machine the server may not have had a turn to read in that time.
 */
const IN_FLIGHT_MS = 100;
const encoder = new TextEncoder();

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Resolves at the end of the input. */
async function readEnd(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    while (await connection.read(buffer) !== null);
  } catch {
    // A reset is an end, too.
  }
}

/** Sends 1,000 lines a second until the connection ends, and records when each was taken. */
class SteadySender {
  /** When the system took each line. */
  readonly sentAt: number[] = [];
  readonly done: Promise<void>;
  readonly #connection: Deno.Conn;
  readonly #heedsEnd: boolean;
  #hasEnded = false;
  #warm: (() => void) | undefined;

  /** @param heedsEnd Whether it stops once the server has ended its side, as rsyslog does. */
  constructor(connection: Deno.Conn, heedsEnd: boolean) {
    this.#connection = connection;
    this.#heedsEnd = heedsEnd;
    const ended = readEnd(connection).then(() => this.#hasEnded = true);
    this.done = this.#send().finally(async () => {
      connection.close();
      await ended;
    });
  }

  /** Resolves once some lines have been sent. */
  warm(): Promise<void> {
    return new Promise((resolve) => this.#warm = resolve);
  }

  async #send(): Promise<void> {
    const start = performance.now();
    try {
      while (!(this.#heedsEnd && this.#hasEnded)) {
        while (this.sentAt.length < performance.now() - start) {
          await write(this.#connection, `line ${this.sentAt.length}\n`);
          this.sentAt.push(performance.now());
        }
        if (this.sentAt.length >= LINES_BEFORE) this.#warm?.();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    } catch {
      // Closed by the server.
    }
  }
}

for (const heedsEnd of [true, false]) {
  const who = heedsEnd ? "that stops when the server does" : "that never stops";
  const loss = heedsEnd ? "nothing" : "only what was in flight";
  Deno.test(`a clean stop loses ${loss} of a log sender ${who}`, async () => {
    const figures: string[] = [];
    for (let round = 0; round < STOPS; round++) {
      await using server = await ServerProcess.start({
        args: ["--listen", "logger=tcp://127.0.0.1:0"],
      });
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      const sender = new SteadySender(connection, heedsEnd);
      await sender.warm();
      const start = performance.now();
      const { code } = await server.stop();
      const stopMs = performance.now() - start;
      await sender.done;
      const sent = sender.sentAt.length;
      const bodies = readStoredEvents(server.data).filter(({ kind }) => kind === "log")
        .map(({ body }) => body);
      const kept = bodies.length;
      figures.push(`${sent - kept} of ${sent} (${Math.round(stopMs)} ms)`);
      assertEquals(code, 0);
      assertLess(stopMs, 5000);
      assertEquals(bodies, Array.from({ length: kept }, (_, number) => `line ${number}`));
      const lastAt = sender.sentAt.at(-1)!;
      const inFlight = sender.sentAt.filter((at) => at > lastAt - IN_FLIGHT_MS).length;
      assertLessOrEqual(sent - kept, heedsEnd ? 0 : inFlight);
    }
    console.log(`lost by a sender ${who}: ${figures.join(", ")}`);
  });
}

Deno.test("a clean stop stores the datagrams that are waiting in its socket", async () => {
  await using server = await ServerProcess.start({
    args: ["--listen", "logger=udp://127.0.0.1:0"],
  });
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const address = { transport: "udp", hostname: "127.0.0.1", port: server.port } as const;
  for (let number = 0; number < 200; number++) {
    await socket.send(encoder.encode(`datagram ${number}`), address);
  }
  socket.close();
  assertEquals((await server.stop()).code, 0);
  const stored = readStoredEvents(server.data).filter(({ kind }) => kind === "log");
  assertEquals(stored.length, 200);
});

Deno.test("a post that is being received when the server stops is stored and answered", async () => {
  await using server = await ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--post-token", "secret-token"],
  });
  const { hostname, port } = new URL(server.web);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const body = "the last words";
  await write(
    connection,
    `POST /api/rooms/lobby/messages?from=hook HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
      "Authorization: Bearer secret-token\r\nContent-Type: text/plain\r\n" +
      `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 4)}`,
  );
  const stopped = server.stop();
  await write(connection, body.slice(4));
  let answer = "";
  const buffer = new Uint8Array(4096);
  for (let length = await connection.read(buffer); length !== null;) {
    answer += new TextDecoder().decode(buffer.subarray(0, length));
    length = await connection.read(buffer);
  }
  connection.close();
  assertEquals((await stopped).code, 0);
  assert(answer.startsWith("HTTP/1.1 201 "), answer);
  assertEquals(readStoredEvents(server.data).map((event) => event.body), [body]);
});

Deno.test("a post that does not arrive before the server stops gets 503, and is not stored", async () => {
  await using server = await ServerProcess.start({
    args: ["--web", "http://127.0.0.1:0", "--post-token", "secret-token"],
  });
  using connection = await connectTo(server.web);
  await write(connection, postOf(server.web, "never complete").slice(0, -4));
  const [{ code }, answer] = await Promise.all([server.stop(), readAll(connection)]);
  assertEquals(code, 0);
  assert(answer.startsWith("HTTP/1.1 503 "), answer);
  assertStringIncludes(answer, "\r\nConnection: close\r\n");
  assertStringIncludes(answer, '"code":"stopping"');
  assertEquals(readStoredEvents(server.data), []);
});

Deno.test("posts that arrive while the server stops are stored if, and only if, they are answered so", async () => {
  for (let round = 0; round < STOPS; round++) {
    await using server = await ServerProcess.start({
      args: ["--web", "http://127.0.0.1:0", "--post-token", "secret-token"],
    });
    const accepted: string[] = [];
    const refused: string[] = [];
    const warm = Promise.withResolvers<void>();
    const poster = async (name: string) => {
      using connection = await connectTo(server.web);
      for (let number = 0;; number++) {
        const body = `${name} ${number}`;
        await write(connection, postOf(server.web, body));
        const answer = await readAnswer(connection);
        if (answer.startsWith("HTTP/1.1 201 ")) accepted.push(body);
        else if (answer !== "") refused.push(body);
        if (accepted.length > 40) warm.resolve();
        if (answer === "" || /^Connection: close\r$/m.test(answer)) return;
      }
    };
    // A connection that was reset has no answer, either.
    const posters = ["a", "b", "c", "d"].map((name) => poster(name).catch(() => {}));
    await warm.promise;
    assertEquals((await server.stop()).code, 0);
    await Promise.all(posters);
    const stored = new Set(readStoredEvents(server.data).map(({ body }) => body));
    assertEquals(accepted.filter((body) => !stored.has(body)), []);
    assertEquals(refused.filter((body) => stored.has(body)), []);
    // At most the post that each was waiting for an answer to.
    assertLessOrEqual(stored.size - accepted.length, posters.length);
  }
});

async function connectTo(web: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(web);
  return await Deno.connect({ hostname, port: Number(port) });
}

function postOf(web: string, body: string): string {
  return `POST /api/rooms/lobby/messages?from=hook HTTP/1.1\r\nHost: ${new URL(web).host}\r\n` +
    "Authorization: Bearer secret-token\r\nContent-Type: text/plain\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

async function readAll(connection: Deno.Conn): Promise<string> {
  let text = "";
  for (let more = await readSome(connection); more !== ""; more = await readSome(connection)) {
    text += more;
  }
  return text;
}

/** Reads up to the end of a response; its body has a length. */
async function readAnswer(connection: Deno.Conn): Promise<string> {
  let text = "";
  for (;;) {
    const [head, length] = /^[^]*?\r\nContent-Length: (\d+)\r\n[^]*?\r\n\r\n/i.exec(text) ?? [];
    if (head !== undefined && text.length >= head.length + Number(length)) return text;
    const more = await readSome(connection);
    if (more === "") return "";
    text += more;
  }
}

/** What has arrived; `""` at the end. */
async function readSome(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
}

Deno.test("a clean stop answers every request that the bank has carried out", async () => {
  await using server = await ServerProcess.start({
    args: ["--listen", "bank=tcp://127.0.0.1:0"],
  });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  let answers = "";
  const started = Promise.withResolvers<void>();
  const reading = (async () => {
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const length = await connection.read(buffer);
      started.resolve();
      if (length === null) return;
      answers += new TextDecoder().decode(buffer.subarray(0, length));
    }
  })();
  await write(connection, "jack:dp\n".repeat(20_000));
  await started.promise;
  assertEquals((await server.stop()).code, 0);
  await reading;
  connection.close();
  const last = answers.match(/money: \d+/g)?.at(-1);
  await using again = await ServerProcess.start({
    data: server.data,
    args: ["--listen", "bank=tcp://127.0.0.1:0"],
  });
  const asking = await LineClient.connect(again.port);
  await asking.send("jack:report");
  assertEquals(await asking.expect("\r\n"), `jack's ${last}\r\n`);
  await asking.close();
});
