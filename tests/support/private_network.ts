/**
 * Runs the program in a network namespace, where its default ports are free, so that documentation
 * can be tested with the addresses it names. Linux only; needs `unshare`, `nsenter` and `ip`.
 *
 * @module
 */

import { Output, runProgram } from "./server_process.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";
import { TerminalProgram, type TerminalProgramOptions } from "./terminal_program.ts";

export interface PrivateNetworkOptions {
  /** Addresses that the machine has besides those of loopback, e.g. `10.0.0.5/24`. */
  readonly addresses?: readonly string[];
  /** Prepares the data directory. */
  readonly prepare?: (data: string) => Promise<void>;
}

function newNetwork(addresses: readonly string[]): string {
  const commands = ["ip link set lo up", ...addresses.map((one) => `ip addr add ${one} dev lo`)];
  return `exec unshare -rn sh -c '${commands.join(" && ")} && exec "$@"' sh "$@"`;
}

export class PrivateNetwork implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly data: string;
  /** Its standard output. */
  readonly printed: Output;
  /** Its standard error. */
  readonly hints: Output;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, directory: TemporaryDirectory) {
    this.#process = process;
    this.#directory = directory;
    this.data = directory.path;
    this.printed = new Output(process.stdout);
    this.hints = new Output(process.stderr);
  }

  /** Starts the server with its defaults and these arguments. */
  static async start(
    args: readonly string[] = [],
    env: Record<string, string> = {},
    { addresses = [], prepare }: PrivateNetworkOptions = {},
  ): Promise<PrivateNetwork> {
    const directory = new TemporaryDirectory();
    const data = directory.path;
    await prepare?.(data);
    const prelude = newNetwork(addresses);
    const process = runProgram(["serve", "--data", data, ...args], { env, prelude });
    const network = new PrivateNetwork(process, directory);
    if (await network.printed.until(/^ready\n/m)) return network;
    await network[Symbol.asyncDispose]();
    throw new Error(`The server did not start: ${await network.hints.all}`);
  }

  /** Runs a program in the server's network, with its input from the test. */
  run(program: string, ...args: string[]): Promise<TerminalProgram> {
    return this.runAt(undefined, program, ...args);
  }

  /** The same at a terminal, if there is one. */
  runAt(
    terminal: TerminalProgramOptions["terminal"],
    program: string,
    ...args: string[]
  ): Promise<TerminalProgram> {
    const pid = String(this.#process.pid);
    const inside = ["-t", pid, "-U", "-n", "--preserve-credentials", "--", program, ...args];
    return TerminalProgram.run(["nsenter", ...inside], { terminal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It has ended.
    }
    await this.#process.status;
    await this.printed.all;
    await this.hints.all;
  }
}
