/** Runs a program in a pseudo-terminal, or with its input from the test, and records its output. */

import { PATIENCE_MS } from "./patience.ts";
import { childrenOf, endOf } from "./process_end.ts";

export interface TerminalProgramOptions {
  /** Size of the pseudo-terminal; without it the program's input is a pipe. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** Called with everything it prints. */
  readonly onOutput?: (bytes: Uint8Array) => void;
}

/** The Debian packages of programs. */
const PACKAGES: Readonly<Record<string, string>> = {
  "telnet": "inetutils-telnet",
  "inetutils-telnet": "inetutils-telnet",
  "telnet-ssl": "telnet-ssl",
  "busybox": "busybox",
  "plink": "putty-tools",
  "ssh": "openssh-client",
  "ssh-agent": "openssh-client",
  "ssh-audit": "ssh-audit",
  "dbclient": "dropbear-bin",
  "/usr/games/tt++": "tintin++",
  "tf5": "tf5",
  "nc": "netcat-openbsd",
  "script": "bsdutils",
  "tmux": "tmux",
  logger: "bsdutils",
  socat: "socat",
  curl: "curl",
  rsyslogd: "rsyslog",
  nsenter: "util-linux",
  openssl: "openssl",
  "systemd-analyze": "systemd",
};
/** Includes directories that are usually only in root's path. */
const SYSTEM_PATH = `${Deno.env.get("PATH")}:/usr/sbin:/sbin`;

export class TerminalProgram implements AsyncDisposable {
  /** Its output, one character for each byte. */
  shown = "";
  readonly #process: Deno.ChildProcess;
  readonly #onOutput: ((bytes: Uint8Array) => void) | undefined;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #seen = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  private constructor(process: Deno.ChildProcess, onOutput?: (bytes: Uint8Array) => void) {
    this.#process = process;
    this.#onOutput = onOutput;
    this.#input = process.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Runs a program of {@linkcode PACKAGES}. @throws {Error} if it is not installed. */
  static async run(
    [program, ...args]: readonly [string, ...string[]],
    { terminal, onOutput }: TerminalProgramOptions = {},
  ): Promise<TerminalProgram> {
    await requireProgram(program);
    if (!terminal) return TerminalProgram.#spawn(program, args, onOutput);
    await requireProgram("script");
    const { columns, rows } = terminal;
    const command = `stty cols ${columns} rows ${rows}; exec ${[program, ...args].join(" ")}`;
    return TerminalProgram.#spawn("script", ["-qfec", command, "/dev/null"], onOutput);
  }

  static #spawn(
    program: string,
    args: readonly string[],
    onOutput?: (bytes: Uint8Array) => void,
  ): TerminalProgram {
    const command = new Deno.Command(program, {
      args: [...args],
      env: { TERM: "xterm", LC_ALL: "C.UTF-8", PATH: SYSTEM_PATH },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    });
    return new TerminalProgram(command.spawn(), onOutput);
  }

  /** Types text; Enter is `\r` in a terminal and `\n` in a pipe. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Closes its input. */
  async endInput(): Promise<void> {
    await this.#input.close();
  }

  /** Waits for a text; returns the output since the previous one. */
  async expect(text: string): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const at = this.shown.indexOf(text, this.#seen);
      if (at !== -1) {
        const before = this.#seen;
        this.#seen = at + text.length;
        return this.shown.slice(before, this.#seen);
      }
      if (this.#isEnded || performance.now() > deadline) {
        const rest = JSON.stringify(this.shown.slice(this.#seen));
        throw new Error(`Expected ${JSON.stringify(text)}, but got ${rest}`);
      }
      await this.#more(deadline - performance.now());
    }
  }

  /** Waits for the program to exit; returns the output since the last expected text. */
  async expectEnd(): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!this.#isEnded) {
      if (performance.now() > deadline) throw new Error("Expected the end of the program");
      await this.#more(deadline - performance.now());
    }
    await this.#process.status;
    return this.shown.slice(this.#seen);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Closing the terminal ends its program, which may still write files then.
    const programs = this.#isEnded ? [] : await childrenOf(this.#process.pid);
    await this.#input.close().catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
    await Promise.all(programs.map(endOf));
    await this.#reading;
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#process.stdout) {
      this.#onOutput?.(chunk);
      this.shown += String.fromCharCode(...chunk);
      this.#wake?.();
    }
    this.#isEnded = true;
    this.#wake?.();
  }

  async #more(waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, Math.max(1, waitMs));
    await promise;
    clearTimeout(timer);
  }
}

/** @throws {Error} if a program of {@linkcode PACKAGES} is not installed. */
export async function requireProgram(program: string): Promise<void> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", 'command -v "$1"', "sh", program],
    env: { PATH: SYSTEM_PATH },
    stdout: "null",
  }).output();
  if (success) return;
  throw new Error(
    `This test needs ${program}. On Debian: ` +
      `apt-get install ${PACKAGES[program]}`,
  );
}
