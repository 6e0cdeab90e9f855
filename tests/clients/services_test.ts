/**
 * Tests the small services with the real `nc`, `telnet` and `socat` over every transport, byte for
 * byte.
 */

import { assertEquals, assertMatch } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { TerminalProgram } from "../support/terminal_program.ts";

/** A typed line, and the lines that answer it. */
type Exchange = readonly [line: string, ...answers: string[]];

const FIRST_TASKS =
  '{"task_01":"see someone","task_02":"read book","task_03":"play basketball","task_09":"buy milk"}';
const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const FORMS = "upper TEXT, reverse TEXT, sha256 TEXT, sleep MS or count";

/** The dialogues with the services that answer each line. */
const VISITS: Readonly<Record<string, readonly Exchange[]>> = {
  echo: [
    ["hello", "hello"],
    ["  two  spaces ", "  two  spaces "],
    ["", ""],
    ["grüße 你 🎉", "grüße 你 🎉"],
  ],
  todo: [
    ["GET/task_01/status", "see someone"],
    ["GET/task_09/status", "no key match"],
    ["POST/task_09=buy milk/status", "submit success"],
    ["GET/task_09/status", "buy milk"],
    ["GET", FIRST_TASKS],
    ["PUT/task_01/status", "data no found"],
  ],
  bank: [
    ["jack:dp", "jack's money: 1"],
    ["jack:dp", "jack's money: 2"],
    ["jack:?", "jack's money: 2"],
    ["jack:wd", "jack's money: 1"],
    ["jack:wd", "jack has no money!!"],
    ["jack:wd", "jack has no money!!"],
    ["jack", "usage: NAME:dp or NAME:wd"],
  ],
  jobs: [
    ["upper hello", "queued #1, 0 ahead", "done #1: HELLO"],
    ["reverse hello", "queued #2, 0 ahead", "done #2: olleh"],
    ["sha256 abc", "queued #3, 0 ahead", `done #3: ${SHA256_OF_ABC}`],
    ["sleep 10", "queued #4, 0 ahead", "done #4: slept 10 ms"],
    ["count", "queued #5, 0 ahead", "done #5: 1"],
    ["count", "queued #6, 0 ahead", "done #6: 2"],
    ["dance", `! unknown job "dance"; write ${FORMS}`],
  ],
};
const THANKS = "Thank you for connecting\r\n";

/** A text as the bytes of a program's output. */
function shown(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Types all lines, each after the answers to the previous one. */
async function converse(program: TerminalProgram, exchanges: readonly Exchange[]): Promise<void> {
  for (const [line, ...answers] of exchanges) {
    await program.type(`${line}\n`);
    for (const answer of answers) await program.expect(shown(answer) + "\r\n");
  }
}

/** The same in a terminal, which echoes the typed lines. */
async function converseInTerminal(
  program: TerminalProgram,
  exchanges: readonly Exchange[],
): Promise<void> {
  for (const [line, ...answers] of exchanges) {
    await program.type(`${line}\r`);
    for (const text of [line, ...answers]) await program.expect(shown(text) + "\r\n");
  }
}

/** A server with every service on one transport. */
class Services implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly #directory: TemporaryDirectory;
  readonly #names: readonly string[];

  private constructor(
    server: ServerProcess,
    directory: TemporaryDirectory,
    names: readonly string[],
  ) {
    this.server = server;
    this.#directory = directory;
    this.#names = names;
  }

  /** @param scheme Each service gets its own path or port. */
  static async start(
    scheme: string,
    names: readonly string[] = ["greet", "logger", ...Object.keys(VISITS)],
  ): Promise<Services> {
    const directory = new TemporaryDirectory();
    const { path } = directory;
    const { cert, key } = await makeCertificate();
    await Deno.writeTextFile(`${path}/cert.pem`, cert);
    await Deno.writeTextFile(`${path}/key.pem`, key);
    const listen = names.flatMap((name) => {
      const where = scheme.startsWith("unix") ? `${path}/${name}` : "127.0.0.1:0";
      const query = scheme === "tls" ? `?cert=${path}/cert.pem&key=${path}/key.pem` : "";
      return ["--listen", `${name}=${scheme}://${where}${query}`];
    });
    const server = await ServerProcess.start({ args: ["--print", ...listen] });
    return new Services(server, directory, names);
  }

  port(name: string): number {
    return this.server.ports[this.#names.indexOf(name)];
  }

  /** The path of a file in the directory of the sockets and the certificate. */
  file(name: string): string {
    return `${this.#directory.path}/${name}`;
  }

  /** Stops the server; returns the lines the logger printed. */
  async printed(): Promise<string> {
    const { stdout } = await this.server.stop();
    return stdout.slice(stdout.indexOf("ready\n") + "ready\n".length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    await this.server[Symbol.asyncDispose]();
  }
}

/** Asserts that the logger printed a connection with these lines. */
function assertPrinted(printed: string, remote: RegExp, ...lines: string[]): void {
  const text = lines.map((line) => `${line}\n`).join("");
  const [first, ...rest] = printed.split("\n");
  assertMatch(first, new RegExp(`^Got connection from ${remote.source}$`));
  const source = first.replace("Got connection from ", "");
  assertEquals(rest.join("\n"), `${text}${source} disconnected\n`);
}

const LOGGED = ["first", "grüße 你", "", "last"];
const ANY_PORT = /127\.0\.0\.1:\d+/;

/** Visits all services with a program that prints only the server's output. */
async function visitAll(
  services: Services,
  remote: RegExp,
  connect: (name: string) => readonly [string, ...string[]],
): Promise<void> {
  for (const [name, exchanges] of Object.entries(VISITS)) {
    await using program = await TerminalProgram.run(connect(name));
    await converse(program, exchanges);
    await program.endInput();
    assertEquals(await program.expectEnd(), "");
    const answers = exchanges.flatMap(([, ...answers]) => answers);
    assertEquals(program.shown, shown(answers.map((line) => `${line}\r\n`).join("")), name);
  }
  await using greeted = await TerminalProgram.run(connect("greet"));
  await greeted.expect(THANKS);
  await greeted.endInput();
  assertEquals([await greeted.expectEnd(), greeted.shown], ["", THANKS]);

  await using logging = await TerminalProgram.run(connect("logger"));
  await logging.type(LOGGED.map((line) => `${line}\n`).join(""));
  await logging.endInput();
  await logging.expectEnd();
  assertPrinted(await services.printed(), remote, ...LOGGED);
}

Deno.test("nc gets exactly the documented answers from every service", async () => {
  await using services = await Services.start("tcp");
  await visitAll(services, ANY_PORT, (name) => ["nc", "-N", "127.0.0.1", `${services.port(name)}`]);
});

Deno.test("socat gets the same answers on Unix sockets", async () => {
  await using services = await Services.start("unix");
  const connect = (name: string) =>
    ["socat", "-t5", "-", `UNIX-CONNECT:${services.file(name)}`] as const;
  await visitAll(services, /unix#\d+/, connect);
});

Deno.test("socat gets the same answers over TLS, with the certificate verified", async () => {
  await using services = await Services.start("tls");
  const check = `cafile=${services.file("cert.pem")},commonname=localhost`;
  const connect = (name: string) =>
    ["socat", "-t5", "-", `openssl:127.0.0.1:${services.port(name)},${check}`] as const;
  await visitAll(services, ANY_PORT, connect);
});

for (const scheme of ["telnet", "tcp"]) {
  Deno.test(`telnet gets the answers of every service (${scheme}) and no byte of negotiation`, async () => {
    await using services = await Services.start(scheme);
    const banner = "Trying 127.0.0.1...\r\nConnected to 127.0.0.1.\r\n" +
      "Escape character is '^]'.\r\n";
    const telnet = (name: string) =>
      TerminalProgram.run(["telnet", "127.0.0.1", `${services.port(name)}`], {
        terminal: { columns: 100, rows: 30 },
      });
    const leave = async (program: TerminalProgram) => {
      await program.type("\x1d");
      await program.expect("telnet> ");
      await program.type("quit\r");
      assertEquals(await program.expectEnd(), "quit\r\nConnection closed.\r\n");
    };
    for (const [name, exchanges] of Object.entries(VISITS)) {
      await using program = await telnet(name);
      await program.expect(banner);
      await converseInTerminal(program, exchanges);
      const screen = shown(exchanges.flat().map((line) => `${line}\r\n`).join(""));
      assertEquals(program.shown, banner + screen, name);
      await leave(program);
    }
    await using greeted = await telnet("greet");
    await greeted.expectEnd();
    assertEquals(greeted.shown, `${banner}${THANKS}Connection closed by foreign host.\r\n`);

    {
      await using logging = await telnet("logger");
      await logging.expect(banner);
      for (const line of LOGGED) await logging.type(`${line}\r`);
      await services.server.expectStdout(/^last$/m);
    } // closes the terminal and telnet
    await services.server.expectStdout(/ disconnected$/m);
    assertPrinted(await services.printed(), ANY_PORT, ...LOGGED);
  });
}

Deno.test("nc -N gets an answer to every line piped into it, even to an unterminated last line", async () => {
  await using services = await Services.start("tcp");
  const transcripts = {
    echo: ["one\ntwo", "one\r\ntwo\r\n"],
    greet: ["whatever\n", THANKS],
    todo: [
      "GET/task_02/status\nGET/task_99/status\nPUT",
      "read book\r\nno key match\r\ndata no found\r\n",
    ],
    bank: ["ann:dp\nann:dp\nann:wd", "ann's money: 1\r\nann's money: 2\r\nann's money: 1\r\n"],
    jobs: [
      "sleep 50\ncount\nupper x",
      "queued #1, 0 ahead\r\nqueued #2, 1 ahead\r\nqueued #3, 2 ahead\r\n" +
      "done #1: slept 50 ms\r\ndone #2: 1\r\ndone #3: X\r\n",
    ],
  };
  for (const [name, [input, output]] of Object.entries(transcripts)) {
    await using nc = await TerminalProgram.run(["nc", "-N", "127.0.0.1", `${services.port(name)}`]);
    await nc.type(input);
    await nc.endInput();
    assertEquals(await nc.expectEnd(), output, name);
  }
});

Deno.test("nc gets an HTTP error from every service when it requests a page, even from todo", async () => {
  await using services = await Services.start("tcp");
  const page =
    "This is a Partyline port for telnet and nc, not a web server. Your request was not stored.\n";
  for (const name of ["greet", ...Object.keys(VISITS)]) {
    await using nc = await TerminalProgram.run(["nc", "-N", "127.0.0.1", `${services.port(name)}`]);
    await nc.type("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const answer = await nc.expect(page);
    await nc.endInput();
    assertEquals(await nc.expectEnd(), "");
    assertMatch(answer, /^HTTP\/1\.1 400 Bad Request\r\n/, name);
  }
});

for (const scheme of ["udp", "unixgram"]) {
  Deno.test(`socat sends one line per datagram to echo and logger (${scheme})`, async () => {
    await using services = await Services.start(scheme, ["echo", "logger"]);
    // A socket without a name cannot receive answers.
    const own = `,bind=${services.file("own")}`;
    const connect = (name: string, bind: string) =>
      TerminalProgram.run([
        "socat",
        "-",
        scheme === "udp"
          ? `UDP4-DATAGRAM:127.0.0.1:${services.port(name)}`
          : `UNIX-SENDTO:${services.file(name)}${bind}`,
      ]);
    await using echoing = await connect("echo", own);
    for (const line of ["hello", "grüße 你", "two\nlines"]) {
      await echoing.type(`${line}\n`);
      await echoing.expect(shown(`${line}\n`));
    }
    await echoing.endInput();
    assertEquals(await echoing.expectEnd(), "");

    await using logging = await connect("logger", "");
    await logging.type("one\ntwo\n");
    await logging.endInput();
    assertEquals(await logging.expectEnd(), "");
    assertEquals(await services.printed(), "one\ntwo\n");
  });
}

Deno.test("logger --print prints what the documentation shows", async () => {
  await using services = await Services.start("tcp");
  const page = await Deno.readTextFile(new URL("../../docs/services.md", import.meta.url));
  await using client = await TerminalProgram.run([
    "nc",
    "-N",
    "127.0.0.1",
    String(services.port("logger")),
  ]);
  await client.type("disk is full\n");
  await client.endInput();
  await client.expectEnd();
  const [printed] = /^Got connection from [^]*?(?=```)/m.exec(page)!;
  assertEquals((await services.printed()).replace(/:\d+/g, ":42208"), printed);
});
