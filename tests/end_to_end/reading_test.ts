/** Reading a log from other processes while a server writes it, is killed, and restarts. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { within } from "../support/patience.ts";
import { runProgram, runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Even rounds end with a clean restart. */
const ROUNDS = [1, 2];

/** The output of a process, line by line. */
class Lines {
  readonly lines: string[] = [];
  readonly done: Promise<void>;
  #wake: (() => void) | undefined;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.done = this.#read(stream);
  }

  /** Waits for a matching line. */
  async until(pattern: RegExp): Promise<void> {
    while (!this.lines.some((line) => pattern.test(line))) {
      const more = new Promise<void>((resolve) => this.#wake = resolve);
      await within(`a line like ${pattern}`, more);
    }
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      this.lines.push(...lines);
      this.#wake?.();
    }
  }
}

Deno.test("tail -f continues across kill -9 and a clean restart, with nothing lost or repeated", async () => {
  using data = new TemporaryDirectory();
  const options = { data: data.path, args: ["--flood-rate", "0"] };
  let server = await ServerProcess.start(options);
  const tail = runProgram(["tail", "lobby", "-f", "-n", "9999", "--json", "--data", data.path]);
  const shown = new Lines(tail.stdout);
  const complaints = new Lines(tail.stderr);
  try {
    for (const round of ROUNDS) {
      const client = await LineClient.enter(server.port, `jack${round}`);
      await client.send("/set echo on");
      for (let number = 1; number <= 200; number++) await client.send(`line ${round}-${number}`);
      await client.expect(`line ${round}-200`);
      // Messages show while the server runs.
      await shown.until(new RegExp(`"line ${round}-200"`));
      await server.stop(round % 2 === 0 ? "SIGTERM" : "SIGKILL");
      await client.close();
      server = await ServerProcess.start(options);
    }
    const last = await LineClient.enter(server.port, "bob");
    await last.send("the end");
    await shown.until(/"the end"/);
    await last.close();
  } finally {
    await server.stop();
    tail.kill("SIGTERM");
  }
  assertEquals((await tail.status).code, 0);
  await Promise.all([shown.done, complaints.done]);
  assertEquals(complaints.lines, []);
  const events = shown.lines.map((line) => JSON.parse(line));
  assertEquals(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
  const said = events.filter(({ kind }) => kind === "message").map(({ body }) => body);
  const expected = ROUNDS.flatMap((round) =>
    Array.from({ length: 200 }, (_, index) => `line ${round}-${index + 1}`)
  );
  assertEquals(said, [...expected, "the end"]);
});

Deno.test("backup of a busy server can be verified and restored, and has everything said before it", async () => {
  using data = new TemporaryDirectory();
  await using server = await ServerProcess.start({ data: data.path, args: ["--flood-rate", "0"] });
  const client = await LineClient.enter(server.port, "jack");
  await client.send("/set echo on");
  const pasted = Array.from({ length: 100 }, (_, number) => `busy ${number}`);
  let isOver = false;
  const talk = async () => {
    for (let round = 0; !isOver; round++) {
      await client.send(...pasted, `round ${round}`);
      await client.expect(`round ${round}\r\n`);
    }
  };
  try {
    await client.send("said before");
    await client.expect("said before");
    const talking = talk();
    const backup = `${data.path}/copy.db`;
    const { code, stderr } = await runToEnd(["backup", backup, "--data", data.path]);
    isOver = true;
    await talking;
    assertEquals([code, stderr], [0, ""]);
    assertEquals((await runToEnd(["verify", backup])).code, 0);
    const restored = `${data.path}/restored`;
    assertEquals((await runToEnd(["restore", backup, "--data", restored])).code, 0);

    // The same as the running server has, up to the end of the backup.
    const [copy, original] = await Promise.all(
      [restored, data.path].map((directory) => runToEnd(["export", "--data", directory])),
    );
    assert(copy.stdout.includes('"said before"'));
    assert(original.stdout.startsWith(copy.stdout));
    const { code: verified, stdout } = await runToEnd(["verify", "--data", data.path]);
    assertEquals(verified, 0, stdout);

    await using again = await ServerProcess.start({ data: restored });
    const reader = await LineClient.enter(again.port, "ann");
    await reader.send('/search "said before"');
    await reader.expect(/lobby#2 \S+ \S+ <jack> \*said before\*/);
    await reader.close();
  } finally {
    isOver = true;
    await client.close();
  }
});

Deno.test("Commands that print into a closed pipe end quietly", async () => {
  await using server = await ServerProcess.start({ args: ["--flood-rate", "0"] });
  const client = await LineClient.enter(server.port, "jack");
  await client.send(
    "/set echo on",
    ...Array.from({ length: 3000 }, (_, n) => `line ${n} ${"x".repeat(200)}`),
  );
  await client.expect("line 2999");
  await client.close();
  const program =
    `${Deno.execPath()} run --allow-read --allow-write --allow-env --no-prompt main.ts`;
  for (
    const command of [
      "export",
      "tail lobby -n 3000",
      "search line --limit 0",
      "export --format csv",
    ]
  ) {
    const script =
      `${program} ${command} --data ${server.data} | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", script],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    assertEquals([lines.length, lines[1]], [2, "0"], command);
    assertEquals(new TextDecoder().decode(stderr), "", command);
  }
});
