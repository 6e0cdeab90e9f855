/** The real `rsyslogd` as an ordinary process, with a configuration and a directory of its own. */

import { requireProgram } from "./terminal_program.ts";

/** What does not happen in so long does not happen at all. */
const PATIENCE_MS = 10_000;

export interface RsyslogOptions {
  /** Where it forwards to. */
  readonly port: number;
  readonly framing: "traditional" | "octet-counted";
  /** How it writes messages, e.g. `RSYSLOG_SyslogProtocol23Format`. */
  readonly template: string;
}

/** One that takes messages by TCP and forwards them. */
export class Rsyslog implements AsyncDisposable {
  /** Where it takes messages. */
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #directory: string;

  private constructor(process: Deno.ChildProcess, directory: string, port: number) {
    this.#process = process;
    this.#directory = directory;
    this.port = port;
  }

  static async start({ port, framing, template }: RsyslogOptions): Promise<Rsyslog> {
    await requireProgram("rsyslogd");
    const directory = await Deno.makeTempDir({ prefix: "partyline-rsyslog-" });
    const configuration = `${directory}/rsyslog.conf`;
    await Deno.writeTextFile(
      configuration,
      `global(workDirectory="${directory}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${directory}/port" ruleset="on")
ruleset(name="on") {
  action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp"
    TCP_Framing="${framing}" template="${template}"
    action.resumeInterval="1" action.resumeRetryCount="-1")
}
`,
    );
    const process = new Deno.Command("rsyslogd", {
      args: ["-n", "-iNONE", "-f", configuration],
      env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin:/sbin` },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    const ownPort = await portIn(directory, `${directory}/port`);
    return new Rsyslog(process, directory, ownPort);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    await this.#process.status;
    clearTimeout(timer);
    await Deno.remove(this.#directory, { recursive: true });
  }
}

/** The port that is written to a file of the directory, once it is. */
async function portIn(directory: string, file: string): Promise<number> {
  using watcher = Deno.watchFs(directory);
  const timer = setTimeout(() => watcher.close(), PATIENCE_MS);
  try {
    const written = () => Number(tryRead(file));
    if (written() > 0) return written();
    for await (const _ of watcher) if (written() > 0) return written();
    throw new Error("rsyslogd did not say on which port it listens");
  } finally {
    clearTimeout(timer);
  }
}

function tryRead(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return "";
  }
}
