/** Tests what the logger stores from real programs that send log lines. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { LineClient } from "../support/line_client.ts";
import { Rsyslog, type RsyslogOptions } from "../support/rsyslog.ts";
import { ServerProcess } from "../support/server_process.ts";
import { SocketDirectory } from "../support/socket_directory.ts";
import { readStoredEvents, type StoredEvent } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

/** Runs a program with its whole input; returns its output. */
async function run(input: string, ...command: readonly [string, ...string[]]): Promise<string> {
  await using program = await TerminalProgram.run(command);
  await program.type(input);
  await program.endInput();
  await program.expectEnd();
  return program.shown;
}

/** A server with a logger, and a chat client in the logger's room. */
class LoggedRoom implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly #reader: LineClient;

  private constructor(server: ServerProcess, reader: LineClient) {
    this.server = server;
    this.#reader = reader;
  }

  static async open(
    endpoint = "tcp://127.0.0.1:0",
    options: readonly string[] = [],
  ): Promise<LoggedRoom> {
    const listen = ["--listen", "chat=tcp://127.0.0.1:0", "--listen", `logger=${endpoint}`];
    const args = [...listen, ...options];
    const server = await ServerProcess.start({ args });
    const reader = await LineClient.enter(server.ports[0], "reader");
    await reader.send("/join log");
    await reader.expect(/\* You are in #log.*\r\n/);
    return new LoggedRoom(server, reader);
  }

  get port(): string {
    return `${this.server.port}`;
  }

  /** Waits for a line in the room. */
  async expect(text: string): Promise<void> {
    await this.#reader.expect(text);
  }

  /** Stops the server; returns the stored lines. There must be no gap. */
  async stored(): Promise<StoredEvent[]> {
    const { lines, gaps } = await this.linesAndGaps();
    assertEquals(gaps, []);
    return lines;
  }

  /** Stops the server; returns what is stored. */
  async linesAndGaps(): Promise<{ lines: StoredEvent[]; gaps: StoredEvent[] }> {
    await this.#reader.close();
    await this.server.stop();
    const events = readStoredEvents(this.server.data).filter(({ room }) => room === "log");
    return {
      lines: events.filter(({ kind }) => kind === "log"),
      gaps: events.filter(({ kind }) => kind === "gap"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.close();
    await this.server[Symbol.asyncDispose]();
  }
}

const HOST = Deno.hostname().split(".")[0];
const FORMS: readonly (readonly string[])[] = [[], ["--rfc3164"], ["--rfc5424"]];

/** Asserts that `line` is the one sent by `logger -t tag -p local3.err --id=77`. */
function checkLoggerLine(line: StoredEvent, body: string, form: readonly string[]): void {
  const fields = line.fields as Record<string, unknown>;
  assertEquals([line.body, line.via, fields.facility, fields.level, fields.app, fields.procid], [
    body,
    "syslog",
    "local3",
    "err",
    "tag",
    "77",
  ]);
  assertEquals(line.from, `${fields.host}/tag`);
  assertEquals(String(fields.host).split(".")[0], HOST);
  // The sender's time; both use this machine's clock.
  const claimed = Date.parse(String(fields.time));
  assert(Math.abs(claimed - Date.now()) < 60_000, String(fields.time));
  if (!form.includes("--rfc3164")) assertMatch(String(fields.time), /\.\d{6}[+-]\d\d:\d\d$/);
}

for (const form of FORMS) {
  const options = ["-t", "tag", "-p", "local3.err", "--id=77", ...form];
  const name = ["logger", ...form].join(" ");

  Deno.test(`${name} over TCP sends one message for each line`, async () => {
    await using room = await LoggedRoom.open();
    await run("one\ntwo é\n", "logger", "-n", "127.0.0.1", "-P", room.port, "-T", ...options);
    await room.expect("tag| two é\r\n");
    const lines = await room.stored();
    assertEquals(lines.length, 2);
    ["one", "two é"].forEach((body, index) => checkLoggerLine(lines[index], body, form));
  });

  Deno.test(`${name} --octet-count over TCP`, async () => {
    await using room = await LoggedRoom.open();
    const command = ["logger", "-n", "127.0.0.1", "-P", room.port, "-T", "--octet-count"] as const;
    await run("one\ntwo é\n", ...command, ...options);
    await room.expect("tag| two é\r\n");
    const lines = await room.stored();
    assertEquals(lines.length, 2);
    ["one", "two é"].forEach((body, index) => checkLoggerLine(lines[index], body, form));
  });

  Deno.test(`${name} over UDP`, async () => {
    await using room = await LoggedRoom.open("udp://127.0.0.1:0");
    await run("", "logger", "-n", "127.0.0.1", "-P", room.port, "-d", ...options, "hello  you");
    await room.expect("tag| hello  you\r\n");
    const lines = await room.stored();
    assertEquals(lines.length, 1);
    checkLoggerLine(lines[0], "hello  you", form);
  });
}

Deno.test("logger --octet-count over UDP and a Unix datagram socket", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  for (const endpoint of ["udp://127.0.0.1:0", `unixgram://${path}`]) {
    await using room = await LoggedRoom.open(endpoint);
    const target = endpoint.startsWith("udp")
      ? ["-n", "127.0.0.1", "-P", room.port, "-d"]
      : ["-u", path];
    await run("", "logger", "--octet-count", "-p", "mail.err", "-t", "tag", ...target, "hello é");
    await room.expect("tag| hello é\r\n");
    const [{ body, fields }] = await room.stored();
    assertEquals([body, fields?.level], ["hello é", "err"]);
  }
});

Deno.test("logger sends structured data, which becomes fields", async () => {
  await using room = await LoggedRoom.open("udp://127.0.0.1:0");
  const data = ["--sd-id", "a@1", "--sd-param", 'k="v"', "--sd-param", 'l="w"'];
  await run(
    "",
    ...["logger", "-n", "127.0.0.1", "-P", room.port, "-d", "--rfc5424", "--msgid", "M1"] as const,
    ...[...data, "-t", "tag", "hello"],
  );
  await room.expect("tag| hello\r\n");
  const [{ fields }] = await room.stored();
  const found = fields as { msgid: string; data: Record<string, Record<string, string>> };
  assertEquals([found.msgid, found.data["a@1"]], ["M1", { k: "v", l: "w" }]);
  assertEquals(found.data.timeQuality.tzKnown, "1");
});

Deno.test("logger without a time and a host", async () => {
  await using room = await LoggedRoom.open("udp://127.0.0.1:0");
  const command = ["logger", "-n", "127.0.0.1", "-P", room.port, "-d"] as const;
  await run("", ...command, "--rfc5424=notime,nohost", "-p", "local3.err", "-t", "tag", "hello");
  await room.expect("tag| hello\r\n");
  const [line] = await room.stored();
  assertEquals(line.fields, { facility: "local3", level: "err", app: "tag" });
});

Deno.test("logger over a Unix datagram socket, like /dev/log", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  await using room = await LoggedRoom.open(`unixgram://${path}`);
  await run("", "logger", "-u", path, "-p", "mail.warning", "--id=77", "-t", "tag", "hello");
  await room.expect("tag| hello\r\n");
  const [line] = await room.stored();
  const { time, ...fields } = line.fields as Record<string, unknown>;
  assertEquals(fields, { facility: "mail", level: "warning", app: "tag", procid: "77" });
  assert(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
});

Deno.test("logger over a Unix stream socket", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  await using room = await LoggedRoom.open(`unix://${path}`);
  await run("", "logger", "-u", path, "-t", "tag", "hello");
  await room.expect("tag| hello\r\n");
  assertEquals((await room.stored()).map(({ body }) => body), ["hello"]);
});

const FORWARDINGS: readonly Omit<RsyslogOptions, "port">[] = [
  { framing: "traditional", template: "RSYSLOG_SyslogProtocol23Format" },
  { framing: "octet-counted", template: "RSYSLOG_SyslogProtocol23Format" },
  { framing: "traditional", template: "RSYSLOG_TraditionalForwardFormat" },
  { framing: "octet-counted", template: "RSYSLOG_ForwardFormat" },
];

for (const forwarding of FORWARDINGS) {
  const { framing, template } = forwarding;
  Deno.test(`rsyslogd forwarding with ${framing} framing and ${template}`, async () => {
    await using room = await LoggedRoom.open();
    {
      await using rsyslog = await Rsyslog.start({ ...forwarding, port: room.server.port });
      const target = ["-n", "127.0.0.1", "-P", `${rsyslog.port}`, "-T"];
      const input = Array.from({ length: 40 }, (_, number) => `line ${number} é`).join("\n");
      await run(
        input,
        ...["logger", ...target, "-p", "cron.info", "--id=77", "-t", "tag"] as const,
      );
      await room.expect("tag| line 39 é\r\n");
    }
    const lines = await room.stored();
    assertEquals(
      lines.map(({ body }) => body.trimStart()),
      Array.from({ length: 40 }, (_, number) => `line ${number} é`),
    );
    for (const { from, fields } of lines) {
      const { facility, level, host, app, procid, time } = fields as Record<string, unknown>;
      assertEquals([facility, level, app, procid], ["cron", "info", "tag", "77"]);
      assertEquals(from, `${host}/tag`);
      assert(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000, String(time));
    }
  });
}

/** Messages that rsyslogd forwards while the server is restarted, and when that happens. */
const FORWARDED = 20_000;
const RESTARTS = [4000, 9000, 14_000];
/** What rsyslogd may have handed to the system between our last read and its notice of the end. */
const IN_FLIGHT = 20;

Deno.test("rsyslogd with a disk queue loses at most what was in flight when the server restarts", async () => {
  using data = new TemporaryDirectory();
  const port = freePort();
  const start = () => {
    const args = ["--listen", `logger=tcp://127.0.0.1:${port}`, "--print"];
    return ServerProcess.start({ data: data.path, args });
  };
  let server = await start();
  await using rsyslog = await Rsyslog.start({
    port,
    framing: "traditional",
    template: "RSYSLOG_SyslogProtocol23Format",
    hasDiskQueue: true,
  });
  const sending = sendMessages(rsyslog.port);
  for (const number of RESTARTS) {
    // A message of the neighbourhood may be the one that was lost.
    await server.expectStdout(new RegExp(`message ${number / 100}\\d\\d$`, "m"));
    assertEquals((await server.stop()).code, 0);
    server = await start();
  }
  await sending;
  await server.expectStdout(new RegExp(`message ${FORWARDED - 1}$`, "m"));
  assertEquals((await server.stop()).code, 0);
  const stored = readStoredEvents(data.path).filter(({ kind }) => kind === "log")
    .map(({ body }) => Number(/^ *message (\d+)$/.exec(body)?.[1]));
  const lost = FORWARDED - new Set(stored).size;
  console.log(`lost over ${RESTARTS.length} restarts: ${lost} of ${FORWARDED}`);
  assert(lost <= RESTARTS.length * IN_FLIGHT, `lost ${lost}`);
});

/** rsyslogd writes down its port a moment before it listens. */
async function connectSoon(port: number): Promise<Deno.TcpConn> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.connect({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Sends all messages at 2,500 a second. */
async function sendMessages(port: number): Promise<void> {
  using connection = await connectSoon(port);
  for (let number = 0; number < FORWARDED; number += 50) {
    const messages = Array.from(
      { length: 50 },
      (_, index) => `<13>Nov 21 06:30:00 host app: message ${number + index}\n`,
    );
    const bytes = new TextEncoder().encode(messages.join(""));
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("nc -N gets a receipt with the same hash as sha256sum", async () => {
  await using room = await LoggedRoom.open();
  const text = "cc -c main.c\n\n\ttabs and ünïcode \u{1f600}\n".repeat(500);
  const shown = await run(`@make\n${text}`, "nc", "-N", "127.0.0.1", room.port);
  const [sum] = (await run(text, "sh", "-c", "sha256sum")).split(" ");
  assertEquals(shown, `stored 1500 lines as #2-#1501 in log sha256=${sum}\r\n`);
  const lines = await room.stored();
  assertEquals(lines.map(({ body }) => `${body}\n`).join(""), text);
  assertEquals(new Set(lines.map(({ from }) => from)), new Set(["make"]));
});

Deno.test("nc without -N gets a receipt on request", async () => {
  await using room = await LoggedRoom.open();
  await using nc = await TerminalProgram.run(["nc", "127.0.0.1", room.port]);
  await nc.type("one\ntwo\n@receipt\n");
  assertMatch(await nc.expect("\r\n"), /^stored 2 lines as #2-#3 in log sha256=/);
  await nc.type("three\n@receipt\n");
  assertMatch(await nc.expect("\r\n"), /^stored 3 lines as #2-#4 in log sha256=/);
});

Deno.test("socat gets a receipt over TCP and a Unix socket", async () => {
  using directory = new SocketDirectory();
  const path = directory.newPath();
  for (const endpoint of ["tcp://127.0.0.1:0", `unix://${path}`]) {
    await using room = await LoggedRoom.open(endpoint);
    const address = endpoint.startsWith("tcp") ? `TCP4:127.0.0.1:${room.port}` : `UNIX:${path}`;
    const shown = await run("@job\none\ntwo\n", "socat", "-t", "5", "-", address);
    assertMatch(shown, /^stored 2 lines as #2-#3 in log sha256=[0-9a-f]{64}\r\n$/);
    assertEquals((await room.stored()).map(({ body }) => body), ["one", "two"]);
  }
});

Deno.test("socat sends datagrams", async () => {
  await using room = await LoggedRoom.open("udp://127.0.0.1:0");
  await run("one\ntwo\n", "socat", "-u", "-", `UDP4-SENDTO:127.0.0.1:${room.port}`);
  await room.expect("127.0.0.1| two\r\n");
  assertEquals((await room.stored()).map(({ body }) => body), ["one", "two"]);
});

for (const [status, ...options] of [["400"], ["303", "--web", "http://127.0.0.1:0"]]) {
  const name = `curl --data-binary is refused with a sentence and ${status}`;
  Deno.test(`${name}, and leaves nothing but a gap`, async () => {
    await using room = await LoggedRoom.open(undefined, options);
    const url = `http://127.0.0.1:${room.port}/`;
    const command = ["curl", "-sS", "--noproxy", "*", "-w", "%{http_code}"] as const;
    const shown = await run("one\ntwo\n", ...command, "--data-binary", "@-", url);
    assertMatch(shown, /^This is a Partyline port .*\. Your request was not stored\.\n/);
    assertEquals(shown.slice(-3), status);
    const { lines, gaps } = await room.linesAndGaps();
    assertEquals([lines.length, gaps.map(({ fields }) => fields?.reason)], [0, ["protocol"]]);
  });
}
