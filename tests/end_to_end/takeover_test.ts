/** `serve --takeover`: a second process takes the ports and the data directory of the first. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { PageClient } from "../support/page_client.ts";
import { within } from "../support/patience.ts";
import { PortProbe } from "../support/port_probe.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** DESIGN: the gap in which a connection is refused is under 100 ms. */
const GAP_MS = 100;

Deno.test("serve --takeover takes over from the running server, and refuses hardly anybody meanwhile", async () => {
  using data = new TemporaryDirectory();
  const socket = `${data.path}/chat.sock`;
  await using first = await ServerProcess.start({
    data: data.path,
    args: [
      ...["--listen", "chat=tcp://127.0.0.1:0", "--listen", "logger=udp://127.0.0.1:0"],
      ...["--listen", `chat=unix://${socket}`, "--listen", "chat=ssh://127.0.0.1:0"],
      ...["--web", "http://127.0.0.1:0"],
    ],
  });
  const [port, udp] = first.ports;
  const ssh = first.ports.at(-1);
  const ann = await LineClient.enter(port, "ann");
  await ann.send("said to the first");
  await using probe = new PortProbe(port);
  await using second = await ServerProcess.start({
    data: data.path,
    args: [
      "--takeover",
      // The probe leaves many connections behind.
      "--max-per-address",
      "0",
      ...[
        "--listen",
        `chat=tcp://127.0.0.1:${port}`,
        "--listen",
        `logger=udp://127.0.0.1:${udp}`,
      ],
      ...["--listen", `chat=unix://${socket}`, "--listen", `chat=ssh://127.0.0.1:${ssh}`],
      ...["--web", first.web],
    ],
  });
  assertMatch(
    await ann.expectEnd(),
    /\* The server restarts\. Connect again; all messages are saved\./,
  );
  await ann.close();
  const { code, stderr } = await first.stop();
  assertEquals(code, 0);
  assertMatch(stderr, /info control: Handing over to process \d+/);
  assertNotMatch(stderr, / error /);
  await second.expectStderr(/info cli: Taking over from process \d+/);

  const bob = await LineClient.enter(port, "bob");
  await bob.send("/history");
  await bob.expect("<ann> said to the first");
  await bob.close();
  assertEquals((await Deno.lstat(socket)).isSocket, true);
  const gap = await probe.stop();
  assert(gap < GAP_MS, `Nobody could connect for ${gap} ms`);
});

Deno.test("A page, an IRC client and nc in a loop come back after a takeover, and miss nothing", async () => {
  using data = new TemporaryDirectory();
  const args = ["--listen", "chat=tcp://127.0.0.1:0", "--listen", "irc=tcp://127.0.0.1:0"];
  await using first = await ServerProcess.start({
    data: data.path,
    args: [...args, "--web", "http://127.0.0.1:0"],
  });
  const [port, irc] = first.ports;
  await using page = await PageClient.enter(first.web, "ann");
  const loops = [
    new Loop(port, ["bob"], /^<carl> (line \d+)\r$/gm),
    new Loop(
      irc,
      ["NICK dora", "USER dora 0 * :Dora", "JOIN #lobby"],
      / PRIVMSG #lobby :(line \d+)\r$/gm,
    ),
  ];
  const areIn = async (times: number) => {
    for (const loop of loops) {
      await loop.until(({ text }) => text.match(/You are in #lobby| 366 /g)?.length === times);
    }
  };
  await areIn(1);
  const lines = Array.from({ length: 20 }, (_, number) => `line ${number + 1}`);
  const carl = await LineClient.enter(port, "carl");
  await carl.send(...lines.slice(0, 10));
  // Maybe before all of it is read: what has arrived is said all the same.
  await using second = await ServerProcess.start({
    data: data.path,
    args: [
      ...["--takeover", "--listen", `chat=tcp://127.0.0.1:${port}`],
      ...["--listen", `irc=tcp://127.0.0.1:${irc}`, "--web", first.web],
    ],
  });
  await carl.close();
  const again = await LineClient.enter(port, "carl");
  // An IRC client is shown nothing of what was said before it joined.
  await areIn(2);
  await again.send(...lines.slice(10));
  await page.until(() => page.bodies("lobby").includes("line 20"));
  assertEquals(page.bodies("lobby").filter((body) => body.startsWith("line")), lines);
  for (const loop of loops) {
    await loop.until(({ seen }) => seen.at(-1) === "line 20");
    assertEquals([...new Set(loop.seen)], lines);
    assertEquals(loop.connections, 2);
    await loop.stop();
  }
  await again.close();
  assertEquals(second.stderr.includes(" error "), false);
});

Deno.test("serve --takeover starts as usual where no server runs", async () => {
  await using server = await ServerProcess.start({ args: ["--takeover"] });
  assertNotMatch(server.stderr, /Taking over/);
});

/** A client that connects again whenever it is disconnected, as in `while :; do nc ...; done`. */
class Loop {
  /** Everything received. */
  text = "";
  connections = 0;
  readonly #pattern: RegExp;
  readonly #running: Promise<void>;
  #connection: Deno.TcpConn | undefined;
  #isStopped = false;
  #changed = Promise.withResolvers<void>();

  /** @param hello Sent after each connect. @param pattern Matches a line of talk, and its text. */
  constructor(port: number, hello: readonly string[], pattern: RegExp) {
    this.#pattern = pattern;
    this.#running = this.#run(port, hello);
  }

  /** The lines of talk, as often as they were shown. */
  get seen(): string[] {
    return [...this.text.matchAll(this.#pattern)].map(([, line]) => line);
  }

  async until(isTrue: (loop: Loop) => boolean): Promise<void> {
    while (!isTrue(this)) await within(`more than ${this.text}`, this.#changed.promise);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#connection?.close();
    await this.#running;
  }

  async #run(port: number, hello: readonly string[]): Promise<void> {
    while (!this.#isStopped) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => {});
      // Refused, for the moment in which neither server listens.
      if (!connection) continue;
      this.#connection = connection;
      this.connections++;
      await connection.write(new TextEncoder().encode(hello.map((line) => `${line}\n`).join("")));
      const decoder = new TextDecoder();
      const buffer = new Uint8Array(16 * 1024);
      for (;;) {
        const length = await connection.read(buffer).catch(() => null);
        if (length === null) break;
        this.text += decoder.decode(buffer.subarray(0, length), { stream: true });
        this.#changed.resolve();
        this.#changed = Promise.withResolvers();
      }
      if (!this.#isStopped) connection.close();
    }
  }
}
