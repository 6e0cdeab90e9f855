/** Runs the real program as a process, with its own data directory and ports. */

import config from "../../deno.json" with { type: "json" };
import { PATIENCE_MS } from "./patience.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const START = config.tasks.start.split(" ");
/** The variables that `deno task start` sets, as `NAME=VALUE`. */
export const START_ENV: readonly string[] = START.slice(0, START.indexOf("deno"));
/** Its flags. */
export const START_FLAGS: readonly string[] = START.slice(START_ENV.length + 2, -1);
/** Only its permissions. */
export const PERMISSIONS = START_FLAGS.filter((flag) => flag.startsWith("--allow-"));

/** An error record or stack trace, which must never appear on standard error. */
export const TROUBLE = /^\S+ error |^\s+at /m;

/**
 * For a test with a server that other tests of its file use, too: the leak check takes the reading
 * of the server's output, which goes on, for a leak.
 */
export const SHARED = { sanitizeOps: false, sanitizeResources: false };

export interface ProgramOptions {
  readonly env?: Record<string, string>;
  /** Flags of `deno run`. @default {START_FLAGS} */
  readonly denoFlags?: readonly string[];
  /** The file to run. @default {"main.ts"} */
  readonly main?: string;
  /** Standard input. @default {""} */
  readonly input?: string;
  /** A shell command to run before the program, e.g. `ulimit -n 64`. */
  readonly prelude?: string;
  /** How long it may take to become ready, or to run to its end; then it is killed. @default {a minute} */
  readonly patienceMs?: number;
}

export interface ServerProcessOptions extends ProgramOptions {
  /** A given directory is kept; by default a temporary one is created and removed at the end. */
  readonly data?: string;
  /** Prepares the data directory. */
  readonly prepare?: (data: string) => Promise<void>;
  /** Whether the configuration file names the data directory, instead of an option. */
  readonly isDataInFile?: true;
  /** More arguments after `serve`. */
  readonly args?: readonly string[];
  /** Whether it gets listeners if `args` name none. @default {true} */
  readonly listen?: boolean;
}

/** The exit code and output of a process. */
export interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class ServerProcess implements AsyncDisposable {
  readonly data: string;
  /** The listeners' ports, in order: telnet, then tcp, unless `args` say otherwise. */
  readonly ports: readonly number[];
  /** URL of the web page without a trailing slash; `""` without `--web` in `args`. */
  readonly web: string;
  readonly process: Deno.ChildProcess;
  /** The data directory, if it is removed at the end. */
  readonly #temporary: Disposable;
  readonly #stdout: Output;
  readonly #stderr: Output;

  private constructor(
    process: Deno.ChildProcess,
    data: string,
    temporary: Disposable,
    stdout: Output,
    stderr: Output,
  ) {
    this.process = process;
    this.data = data;
    this.#temporary = temporary;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.ports = [...stdout.text.matchAll(/^listening (?!web |metrics )\S+ \S+:(\d+)/gm)]
      .map(([, port]) => Number(port));
    this.web = /^listening web (\S+)\/$/m.exec(stdout.text)?.[1] ?? "";
  }

  /** Starts the server, and waits until it is ready. */
  static async start(options: ServerProcessOptions = {}): Promise<ServerProcess> {
    using temporary = new DisposableStack();
    const data = options.data ?? temporary.use(new TemporaryDirectory()).path;
    await options.prepare?.(data);
    const listen = options.listen === false || options.args?.includes("--listen")
      ? []
      : ["--listen", "chat=telnet://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];
    const web = options.args?.includes("--web") ? [] : ["--no-web"];
    const process = runProgram(
      [
        "serve",
        ...options.isDataInFile ? [] : ["--data", data],
        ...listen,
        ...web,
        ...options.args ?? [],
      ],
      options,
    );
    const stdout = new Output(process.stdout);
    const stderr = new Output(process.stderr);
    const { patienceMs = PATIENCE_MS } = options;
    const timer = setTimeout(() => process.kill("SIGKILL"), patienceMs);
    const isReady = await stdout.until(/^ready\n/m, patienceMs);
    clearTimeout(timer);
    if (!isReady) {
      await process.status;
      throw new Error(`The server did not start: ${await stderr.all}`);
    }
    return new ServerProcess(process, data, temporary.move(), stdout, stderr);
  }

  /** The port for plain lines. */
  get port(): number {
    return this.ports[this.ports.length - 1];
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#stdout.text;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr.text;
  }

  /** Waits until standard error matches. */
  async expectStderr(pattern: RegExp): Promise<void> {
    if (await this.#stderr.until(pattern)) return;
    throw new Error(`Expected ${pattern} on standard error, but got ${this.#stderr.text}`);
  }

  /** Waits until standard output matches. */
  async expectStdout(pattern: RegExp): Promise<void> {
    if (await this.#stdout.until(pattern)) return;
    throw new Error(`Expected ${pattern} on standard output, but got ${this.#stdout.text}`);
  }

  /** Current and peak resident memory in bytes. Linux only. */
  async memory(): Promise<{ now: number; highest: number }> {
    // Reading /proc needs all permissions in Deno, so let a shell do it.
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `cat /proc/${this.process.pid}/status`],
    }).output();
    const status = new TextDecoder().decode(stdout);
    const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]);
    return { now: bytes("VmRSS") * 1024, highest: bytes("VmHWM") * 1024 };
  }

  /** Sends SIGKILL, and waits until the process is gone. */
  async kill(): Promise<void> {
    await this.stop("SIGKILL");
  }

  /** Sends SIGTERM; returns the exit code and output. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<Ending> {
    this.#signal(signal);
    const timer = setTimeout(() => this.#signal("SIGKILL"), PATIENCE_MS);
    const { code } = await this.process.status;
    clearTimeout(timer);
    return { code, stdout: await this.#stdout.all, stderr: await this.#stderr.all };
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.process.kill(signal);
    } catch {
      // It has already ended.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    await this.stop();
  }
}

/** Starts the program as a process. */
export function runProgram(
  args: readonly string[],
  { env = {}, denoFlags = START_FLAGS, main = MAIN, prelude, input }: ProgramOptions = {},
): Deno.ChildProcess {
  const command = [Deno.execPath(), "run", ...denoFlags, "--no-prompt", main, ...args];
  const [program, ...rest] = prelude === undefined
    ? command
    : ["sh", "-c", `${prelude}; exec "$@"`, "sh", ...command];
  const process = new Deno.Command(program, {
    args: rest,
    env: { NO_COLOR: "1", ...Object.fromEntries(START_ENV.map((text) => text.split("="))), ...env },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    void ReadableStream.from([input]).pipeThrough(new TextEncoderStream())
      .pipeTo(process.stdin).catch(() => {});
  }
  return process;
}

/** Runs `main.ts` until it exits. */
export async function runToEnd(args: readonly string[], options?: ProgramOptions): Promise<Ending> {
  const process = runProgram(args, options);
  const stdout = new Output(process.stdout);
  const stderr = new Output(process.stderr);
  const timer = setTimeout(() => process.kill("SIGKILL"), options?.patienceMs ?? PATIENCE_MS);
  const { code } = await process.status;
  clearTimeout(timer);
  return { code, stdout: await stdout.all, stderr: await stderr.all };
}

/** Collects the output of a process. */
export class Output {
  text = "";
  /** Resolves to all output at its end. */
  readonly all: Promise<string>;
  #waiters: (() => void)[] = [];
  #isEnded = false;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.all = this.#read(stream);
  }

  /** Waits for a pattern with a time limit; resolves to whether it matched. */
  async until(pattern: RegExp, patienceMs = PATIENCE_MS): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, patienceMs);
    while (!pattern.test(this.text) && !this.#isEnded && !isLate) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    clearTimeout(timer);
    return pattern.test(this.text);
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.text += text;
      this.#wake();
    }
    this.#isEnded = true;
    this.#wake();
    return this.text;
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }
}
