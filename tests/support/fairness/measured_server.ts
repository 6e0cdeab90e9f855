/** A server in a process of its own that tells the longest turn of its event loop. */

import { makeCertificate } from "../certificate.ts";
import { linesOf, portIn } from "../program_output.ts";
import { TOKEN } from "./attacks.ts";
import type { Doors } from "./pouring.ts";

/** Writes a certificate and its key; resolves to the names of the files. */
async function writeCertificate(directory: string): Promise<readonly string[]> {
  const { cert, key } = await makeCertificate();
  const files = [["certificate.pem", cert], ["key.pem", key]];
  return await Promise.all(files.map(async ([name, text]) => {
    const path = `${directory}/${name}`;
    await Deno.writeTextFile(path, text, { mode: 0o600 });
    return path;
  }));
}

const MAIN = new URL("./measured_main.ts", import.meta.url).pathname;

export class MeasuredServer implements AsyncDisposable, Doors {
  readonly process: Deno.ChildProcess;
  readonly chatPort: number;
  readonly webPort: number;
  readonly logPort: number;
  readonly ircPort: number;
  readonly sshPort: number;
  readonly todoPort: number;
  readonly bankPort: number;
  readonly jobsPort: number;
  readonly tlsPort: number;
  readonly udpPort: number;
  readonly #turns: AsyncIterator<string>;

  private constructor(
    process: Deno.ChildProcess,
    ports: readonly number[],
    turns: AsyncIterator<string>,
  ) {
    this.process = process;
    [this.chatPort, this.logPort, this.ircPort, this.sshPort, this.todoPort] = ports;
    [this.bankPort, this.jobsPort, this.tlsPort, this.udpPort, this.webPort] = ports.slice(5);
    this.#turns = turns;
  }

  static async start(data: string): Promise<MeasuredServer> {
    const [certFile, keyFile] = await writeCertificate(data);
    const doors = [
      "chat=telnet://127.0.0.1:0",
      "logger=tcp://127.0.0.1:0?room=logs",
      "irc=tcp://127.0.0.1:0",
      "chat=ssh://127.0.0.1:0",
      "todo=tcp://127.0.0.1:0",
      "bank=tcp://127.0.0.1:0",
      "jobs=tcp://127.0.0.1:0",
      `chat=tls://127.0.0.1:0?cert=${certFile}&key=${keyFile}`,
      "logger=udp://127.0.0.1:0?room=logs",
    ];
    const args = [...doors.flatMap((door) => ["--listen", door]), "--web", "http://127.0.0.1:0"];
    const limits = ["--max-per-address", "0", "--post-token", TOKEN];
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "serve", "--data", data, ...args, ...limits],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await using starting = new AsyncDisposableStack();
    starting.use(process);
    const lines = linesOf(process.stdout);
    const ports: number[] = [];
    for (;;) {
      const { value: line, done } = await lines.next();
      if (done) throw new Error("The server did not start");
      if (line === "ready") break;
      if (line.startsWith("listening ")) ports.push(portIn(line.split(" ")[2].replace(/\/$/, "")));
    }
    starting.move();
    return new MeasuredServer(process, ports, linesOf(process.stderr));
  }

  /** The longest turn of the event loop since the last call, in milliseconds. */
  async longestTurnMs(): Promise<number> {
    this.process.kill("SIGUSR2");
    for (;;) {
      const { value: line, done } = await this.#turns.next();
      if (done) throw new Error("The server ended");
      const match = /^turn ([\d.]+)$/.exec(line);
      if (match) return Number(match[1]);
    }
  }

  /** Resolves to the time that stopping took, in milliseconds. */
  async stop(): Promise<number> {
    const start = performance.now();
    this.process.kill("SIGTERM");
    while (!(await this.#turns.next()).done);
    await this.process.status;
    return performance.now() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
