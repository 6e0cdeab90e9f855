/**
 * Kills senders and server at random moments: every line is stored exactly once, in order.
 *
 * `PARTYLINE_SENDER_LINES` sets how many lines each of the five senders has, `PARTYLINE_KILL_ROUNDS`
 * how often something is killed, `PARTYLINE_SEED` the random numbers.
 */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { lineOf, type LogSenderTask } from "../support/log_sender.ts";
import { within } from "../support/patience.ts";
import { SeededRandom } from "../support/random.ts";
import { rounds, SEED } from "../support/rounds.ts";
import { ServerProcess, TROUBLE } from "../support/server_process.ts";
import { findHole, readStoredEvents } from "../support/stored_log.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const SENDERS = 5;
const LINES = rounds(1_000, 5_000, "PARTYLINE_SENDER_LINES");
const KILLS = rounds(3, 30, "PARTYLINE_KILL_ROUNDS");
const PROGRAM = new URL("../support/log_sender.ts", import.meta.url).pathname;

/** A sender and its state, over all its restarts. */
class Sender {
  /** Lines acknowledged. */
  lines = 0;
  kills = 0;
  isDone = false;
  readonly #task: LogSenderTask;
  readonly #onProgress: () => void;
  #process: Deno.ChildProcess;
  #reading: Promise<void>;

  constructor(task: LogSenderTask, onProgress: () => void) {
    this.#task = task;
    this.#onProgress = onProgress;
    this.#process = this.#spawn();
    this.#reading = this.#read();
  }

  async kill(): Promise<void> {
    if (this.isDone) return;
    this.kills++;
    await this.#end();
    if (this.isDone) return;
    this.#process = this.#spawn();
    this.#reading = this.#read();
  }

  async #end(): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has already ended.
    }
    await this.#process.status;
    await this.#reading;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  #spawn(): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", PROGRAM, JSON.stringify(this.#task)],
      stdin: "null",
      stdout: "piped",
    }).spawn();
  }

  async #read(): Promise<void> {
    const text = this.#process.stdout.pipeThrough(new TextDecoderStream());
    for await (const line of text.pipeThrough(new TextLineStream())) {
      if (line === "done") this.isDone = true;
      else this.lines = Number(line);
      this.#onProgress();
    }
  }
}

/** Waits for a condition, which is checked whenever a sender makes progress. */
class Progress {
  #waiters: (() => void)[] = [];
  note = () => this.#waiters.splice(0).forEach((wake) => wake());

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const more = new Promise<void>((resolve) => this.#waiters.push(resolve));
      await within("an acknowledgement of any sender", more, 30_000);
    }
  }
}

Deno.test("Senders that resume lose and repeat nothing, whatever is killed", async () => {
  const random = new SeededRandom(SEED);
  using directory = new TemporaryDirectory();
  const data = `${directory.path}/data`;
  const path = `${directory.path}/log.sock`;
  const args = ["--listen", "logger=tcp://127.0.0.1:0", "--listen", `logger=unix://${path}`];
  const start = async () => {
    const server = await ServerProcess.start({ data, args });
    await Deno.writeTextFile(
      `${directory.path}/tcp.json`,
      JSON.stringify({ hostname: "127.0.0.1", port: server.ports[0] }),
    );
    return server;
  };
  await Deno.writeTextFile(
    `${directory.path}/unix.json`,
    JSON.stringify({ transport: "unix", path }),
  );
  const progress = new Progress();
  let server = await start();
  const senders = Array.from({ length: SENDERS }, (_, index) => {
    const name = `s${index + 1}`;
    const task: LogSenderTask = {
      name,
      lines: LINES,
      ackEvery: 1 + random.int(LINES / 20),
      addressFile: `${directory.path}/${index % 2 === 0 ? "tcp" : "unix"}.json`,
      stateFile: `${directory.path}/${name}.json`,
    };
    return new Sender(task, progress.note);
  });
  try {
    const total = () => senders.reduce((sum, { lines }) => sum + lines, 0);
    const moments = Array.from({ length: KILLS }, () => random.int(LINES * SENDERS * 0.9));
    let serverKills = 0;
    for (const moment of moments.sort((a, b) => a - b)) {
      await progress.until(() => total() >= moment);
      const running = senders.filter(({ isDone }) => !isDone);
      if (running.length === 0 || random.int(3) === 0) {
        serverKills++;
        await server.kill();
        server = await start();
      } else {
        await random.pick(running).kill();
      }
    }
    await progress.until(() => senders.every(({ isDone }) => isDone));
    const { code, stderr } = await server.stop();
    assertEquals([code, TROUBLE.test(stderr)], [0, false], stderr);

    const context = `seed ${SEED}, ${serverKills} times the server`;
    const events = readStoredEvents(data);
    assertEquals(findHole(events), undefined, context);
    for (const name of senders.map((_, index) => `s${index + 1}`)) {
      const own = events.filter(({ kind, from }) => kind === "log" && from === name);
      const wrong = own.findIndex(({ body }, index) => body !== lineOf(name, index + 1));
      assertEquals(wrong, -1, `${context}: ${name} has ${own[wrong]?.body} in place ${wrong + 1}`);
      assertEquals(own.length, LINES, context);
    }
    // The gaps are partial lines that were sent again.
    const others = events.filter(({ kind }) => kind !== "log");
    for (const { kind, body } of others) {
      assert(kind === "gap" && /^the last line from s\d had no end: \d+ bytes? /.test(body), body);
    }
    const kills = senders.reduce((sum, { kills }) => sum + kills, 0);
    assertGreater(kills + serverKills, 0);
  } finally {
    await Promise.all(senders.map((sender) => sender[Symbol.asyncDispose]()));
    await server.stop();
  }
});
