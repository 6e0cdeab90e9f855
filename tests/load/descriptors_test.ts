/** More people connect than the process has file descriptors for. */

import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { RawPeer } from "../support/raw_peer.ts";
import { runToEnd, ServerProcess, TROUBLE } from "../support/server_process.ts";
import { findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { WebClient } from "../support/web_client.ts";

/** Connections beyond those that fit. */
const SURPLUS = 100;
const CROWDS = 3;
const FULL = "! The server is full: it cannot open more connections. Try again later.\r\n";
/** As many endpoints as without `--listen`, and a web page. */
const ENDPOINTS = [
  ...["--listen", "chat=telnet://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"],
  ...["--listen", "logger=tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0"],
];

/** Two people, a page and a log sender, who are there from the beginning to the end. */
class Residents {
  readonly #ann: LineClient;
  readonly #bob: LineClient;
  readonly #page: WebClient;
  readonly #sender: LineClient;
  #round = 0;

  private constructor(ann: LineClient, bob: LineClient, page: WebClient, sender: LineClient) {
    this.#ann = ann;
    this.#bob = bob;
    this.#page = page;
    this.#sender = sender;
  }

  static async enter(server: ServerProcess): Promise<Residents> {
    const [telnetPort, tcpPort, logPort] = server.ports;
    const ann = await LineClient.enter(telnetPort, "ann");
    const bob = await LineClient.enter(tcpPort, "bob");
    const page = await WebClient.open(`${server.web}/ws`);
    page.send({ type: "hello", name: "cat", rooms: [{ room: "lobby" }, { room: "log" }] });
    await page.next("live");
    const sender = await LineClient.connect(logPort);
    await sender.send("@build", "@ack 1");
    return new Residents(ann, bob, page, sender);
  }

  /** Lets everybody talk, log and read. Reading the past must not need descriptors either. */
  async useEverything(): Promise<void> {
    const round = ++this.#round;
    await this.#ann.send(`question ${round}`);
    await this.#bob.expect(`<ann> question ${round}\r\n`);
    await this.#bob.send(`/search question ${round}`, "/history 5");
    await this.#bob.expect(/lobby#\d+ .*\r\n/);
    await this.#bob.expect(`<ann> question ${round}\r\n`);
    await this.#sender.send(`line ${round}`);
    await this.#sender.expect(/ack #\d+\r\n/);
    const found = await this.#page.ask({ type: "search", query: `question ${round}` });
    assertGreater(found.hits.length, 0);
    const { events } = await this.#page.ask({ type: "history", room: "lobby", after: 0 });
    assertEquals(events[0].body, "question 1");
  }

  get rounds(): number {
    return this.#round;
  }

  async leave(): Promise<void> {
    this.#page.close();
    await Promise.all([this.#ann, this.#bob, this.#sender].map((client) => client.close()));
  }
}

for (const descriptors of [64, 96, 256, 1024]) {
  Deno.test(`A server with ${descriptors} descriptors refuses connections beyond them, and recovers`, async () => {
    await using server = await ServerProcess.start({
      args: [...ENDPOINTS, "--max-per-address", "0", "--flood-rate", "0"],
      prelude: `ulimit -n ${descriptors}`,
    });
    const tcpPort = server.ports[1];
    await server.expectStderr(/The system allows this process about \d+ more connections/);
    const room = Number(/about (\d+) more/.exec(server.stderr)![1]);
    // 14 on Deno 2.9, and 11 on Deno 2.7, whose threads take more.
    assert(room >= 10, server.stderr);
    const residents = await Residents.enter(server);
    // One crowd after another: everything that each one took must have been given back.
    for (let crowd = 0; crowd < CROWDS; crowd++) {
      await residents.useEverything();
      const answers = await Promise.all(
        Array.from({ length: room + SURPLUS }, async () => {
          const client = await LineClient.connect(tcpPort);
          const answer = await client.expect(/\r\n/).catch(() => ""); // closed without a word
          return { client, answer };
        }),
      );
      const refused = answers.filter(({ answer }) => answer === FULL).length;
      const greeted = answers.filter(({ answer }) => answer.includes("What is your name?")).length;
      assertGreater(refused, 0, "nobody was told");
      assertGreater(greeted, 0);
      assertLess(greeted, room);
      await residents.useEverything();
      await isRefused(server.web);
      await residents.useEverything();
      for (const { client } of answers) await client.close();
      await admitsAgain(tcpPort);
      assertStringIncludes(await (await fetch(`${server.web}/`)).text(), "<title>");
      const sender = await LineClient.connect(server.ports[2]);
      await sender.send("a late line");
      await sender.end();
      assertMatch(await sender.expectEnd(), /^stored 1 line as #/);
      await sender.close();
    }
    await residents.useEverything();
    await residents.leave();
    const { code, stderr } = await server.stop();
    assertEquals(code, 0);
    assertNotMatch(stderr, TROUBLE);
    assertNotMatch(stderr, /uncaught/i);
    const events = readStoredEvents(server.data);
    assertEquals(findHole(events), undefined);
    const bodies = events.filter(({ from }) => from === "build").map(({ body }) => body);
    assertEquals(bodies, Array.from({ length: residents.rounds }, (_, at) => `line ${at + 1}`));
  });
}

Deno.test("serve refuses to start if no descriptor would be left for a connection", async () => {
  using data = new TemporaryDirectory();
  const { code, stdout, stderr } = await runToEnd(["serve", "--data", data.path, ...ENDPOINTS], {
    prelude: "ulimit -n 40",
  });
  assertEquals({ code, stdout, stderr }, {
    code: 1,
    stdout: "",
    stderr: "Cannot start: the system lets this process open too few files. Raise the limit with " +
      "ulimit -n 20000, or LimitNOFILE=20000 in a systemd unit.\n",
  });
});

/** Expects the web port to say that the server is full, or to close without a word. */
async function isRefused(web: string): Promise<void> {
  using peer = await RawPeer.connect(Number(new URL(web).port));
  await peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const answer = await peer.readAll().catch(() => "");
  assertMatch(answer, /^$|^HTTP\/1\.1 503 [^]*The server is full/);
}

/** Waits until newcomers are admitted again; the server checks once a second. */
async function admitsAgain(port: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const client = await LineClient.connect(port);
    const answer = await client.expect(/\r\n/).catch(() => "");
    await client.close();
    if (answer.includes("What is your name?")) return;
    assert(performance.now() < deadline, `still refused: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
