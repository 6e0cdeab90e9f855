/**
 * The shell in which commands of the documentation are replayed: `partyline`, `ssh` and `make` are
 * there, every host is the server, and its directories are temporary ones.
 *
 * @module
 */

import type { PrivateNetwork } from "./private_network.ts";
import { endOf } from "./process_end.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";
import type { TerminalProgram, TerminalProgramOptions } from "./terminal_program.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Programs by name; `start` runs another in the background, and ends once that one is ready. */
const PROGRAMS: Readonly<Record<string, string>> = {
  partyline: `HOME=${
    Deno.env.get("HOME")
  } exec ${Deno.execPath()} run -A --quiet --unstable-lazy-dynamic-imports ${MAIN} "$@"`,
  ssh: 'exec /usr/bin/ssh -F "$HOME/ssh_config" "$@"',
  make: "seq 1204",
  start: `"$@" > "$HOME/started.$$" 2>&1 &
echo $! >> "$HOME/pids"
for _ in $(seq 300); do grep -q ready "$HOME/started.$$" && exit; sleep 0.1; done
cat "$HOME/started.$$"; exit 1`,
};

/** The key `key` is the user's. */
const SSH_CONFIG = `Host *
  HostName 127.0.0.1
  Port 2222
  User ann
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
  IdentitiesOnly yes
  IdentityFile ~/key
`;

export class TranscriptShell implements AsyncDisposable {
  readonly #network: PrivateNetwork;
  readonly #directory = new TemporaryDirectory();
  readonly #home = this.#directory.path;

  private constructor(network: PrivateNetwork) {
    this.#network = network;
  }

  static async open(network: PrivateNetwork): Promise<TranscriptShell> {
    const shell = new TranscriptShell(network);
    const home = shell.#home;
    await Deno.mkdir(`${home}/bin`);
    await Deno.mkdir(`${home}/etc/ssl`, { recursive: true });
    for (const [name, script] of Object.entries(PROGRAMS)) {
      await Deno.writeTextFile(`${home}/bin/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    // OpenSSH takes the home directory from the list of users.
    await Deno.writeTextFile(`${home}/ssh_config`, SSH_CONFIG.replace("~", home));
    return shell;
  }

  /** Runs a command; returns all that it prints. */
  async printed(command: string): Promise<string> {
    await using program = await this.start(command);
    await program.endInput();
    return this.read(await program.expectEnd());
  }

  /** Starts a command, at a terminal of that size if there is one. */
  async start(
    command: string,
    terminal?: TerminalProgramOptions["terminal"],
  ): Promise<TerminalProgram> {
    const step = `${this.#home}/step`;
    await Deno.writeTextFile(
      step,
      `cd ${this.#home}
      export HOME=${this.#home} PATH=${this.#home}/bin:$PATH PARTYLINE_DATA=${this.#network.data}
      export NO_COLOR=1
      ${this.#inside(command)}
      `,
    );
    return await this.#network.runAt(terminal, "bash", step);
  }

  /** Output as the documentation shows it. */
  read(output: string): string {
    return new TextDecoder().decode(Uint8Array.from(output, (byte) => byte.charCodeAt(0)))
      .replaceAll("\r\n", "\n")
      .replaceAll(`${this.#home}/etc/`, "/etc/")
      .replaceAll(this.#network.data, "/var/lib/partyline");
  }

  #inside(command: string): string {
    return command
      .replaceAll("/etc/", `${this.#home}/etc/`)
      .replaceAll("/var/lib/partyline", this.#network.data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    const pids = await Deno.readTextFile(`${this.#home}/pids`).catch(() => "");
    for (const pid of pids.trim().split("\n").filter((pid) => pid !== "").map(Number).reverse()) {
      Deno.kill(pid, "SIGKILL");
      await endOf(pid);
    }
  }
}
