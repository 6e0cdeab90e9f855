/** Runs the real `rsyslogd` as an ordinary process, with its own configuration and directory. */

import { PATIENCE_MS } from "./patience.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";
import { requireProgram } from "./terminal_program.ts";

export interface RsyslogOptions {
  /** Where it forwards messages. */
  readonly port: number;
  readonly framing: "traditional" | "octet-counted";
  /** The template for messages, e.g. `RSYSLOG_SyslogProtocol23Format`. */
  readonly template: string;
  /** Whether messages wait on disk while they cannot be forwarded. @default {false} */
  readonly hasDiskQueue?: boolean;
}

const DISK_QUEUE = `
    queue.type="Disk" queue.filename="waiting" queue.saveOnShutdown="on"`;

/** Receives messages over TCP and forwards them. */
export class Rsyslog implements AsyncDisposable {
  /** The port on which it receives messages. */
  readonly port: number;
  /** Its process and directory. */
  readonly #parts: AsyncDisposable;

  private constructor(parts: AsyncDisposable, port: number) {
    this.#parts = parts;
    this.port = port;
  }

  static async start(options: RsyslogOptions): Promise<Rsyslog> {
    const { port, framing, template, hasDiskQueue = false } = options;
    await requireProgram("rsyslogd");
    await using parts = new AsyncDisposableStack();
    const { path } = parts.use(new TemporaryDirectory());
    const configuration = `${path}/rsyslog.conf`;
    await Deno.writeTextFile(
      configuration,
      `global(workDirectory="${path}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${path}/port" ruleset="on")
ruleset(name="on") {
  action(type="omfwd" target="127.0.0.1" port="${port}" protocol="tcp"
    TCP_Framing="${framing}" template="${template}"
    action.resumeInterval="1" action.resumeRetryCount="-1"${hasDiskQueue ? DISK_QUEUE : ""})
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
    parts.defer(() => end(process));
    const ownPort = await portIn(path, `${path}/port`);
    return new Rsyslog(parts.move(), ownPort);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

async function end(process: Deno.ChildProcess): Promise<void> {
  const timer = setTimeout(() => process.kill("SIGKILL"), PATIENCE_MS);
  // It sends SIGTERM, and waits for the end.
  await process[Symbol.asyncDispose]();
  clearTimeout(timer);
}

/** Waits until the port has been written to a file in the directory. */
async function portIn(directory: string, file: string): Promise<number> {
  using watcher = Deno.watchFs(directory);
  const timer = setTimeout(() => watcher.close(), PATIENCE_MS);
  try {
    const written = () => Number(tryRead(file));
    if (written() > 0) return written();
    for await (const _ of watcher) if (written() > 0) return written();
    throw new Error("rsyslogd did not write its port");
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
