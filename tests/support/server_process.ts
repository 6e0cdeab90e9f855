/** The real program as a process of its own, in a data directory of its own, on ports of its own. */

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

export interface ServerProcessOptions {
  /** Kept if given; else a new one, removed with {@linkcode ServerProcess.dispose}. */
  readonly data?: string;
  /** More arguments after `serve`. */
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

export class ServerProcess implements AsyncDisposable {
  readonly data: string;
  /** Real ports, in the order of the listeners: telnet, then tcp, unless `args` say otherwise. */
  readonly ports: readonly number[];
  readonly process: Deno.ChildProcess;
  readonly #ownsData: boolean;
  readonly #stderr: Promise<string>;
  readonly #stdout: Promise<string>;

  private constructor(
    process: Deno.ChildProcess,
    data: string,
    ownsData: boolean,
    ports: number[],
    stdout: Promise<string>,
    stderr: Promise<string>,
  ) {
    this.process = process;
    this.data = data;
    this.#ownsData = ownsData;
    this.ports = ports;
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  /** Starts the server and waits until it is ready. */
  static async start(options: ServerProcessOptions = {}): Promise<ServerProcess> {
    const data = options.data ?? await Deno.makeTempDir({ prefix: "partyline-" });
    const listen = options.args?.includes("--listen")
      ? []
      : ["--listen", "chat=telnet://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
    const process = runProgram(
      ["serve", "--data", data, ...listen, ...options.args ?? []],
      options.env,
    );
    const stderr = readAll(process.stderr);
    const ports: number[] = [];
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const stdout = readAll(process.stdout, (line) => {
      const port = /^listening \S+ \S+:(\d+)/.exec(line)?.[1];
      if (port) ports.push(Number(port));
      if (line === "ready") resolve();
    });
    stdout.then(async () => reject(new Error(`The server did not start: ${await stderr}`)));
    await ready;
    return new ServerProcess(process, data, options.data === undefined, ports, stdout, stderr);
  }

  /** The port of plain lines. */
  get port(): number {
    return this.ports[this.ports.length - 1];
  }

  /** Kills the process the hard way and waits until it is gone. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
    await Promise.all([this.#stdout, this.#stderr]);
  }

  /** Asks it to stop; returns its exit code and all that it wrote. */
  async stop(
    signal: Deno.Signal = "SIGTERM",
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    try {
      this.process.kill(signal);
    } catch {
      // It is gone already.
    }
    const [{ code }, stdout, stderr] = await Promise.all([
      this.process.status,
      this.#stdout,
      this.#stderr,
    ]);
    return { code, stdout, stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.#ownsData) await Deno.remove(this.data, { recursive: true });
  }
}

/** Runs `main.ts` with the permissions of `deno task start`. */
export function runProgram(
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--no-prompt",
      MAIN,
      ...args,
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  let all = "";
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    all += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(onLine);
  }
  return all;
}
