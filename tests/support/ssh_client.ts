/** Runs OpenSSH's client with keys of its own and nothing of the user's configuration. */

import { PATIENCE_MS } from "./patience.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

/** What a client has done. */
export interface SshResult {
  /** The exit status of the command; 255 if the client could not run it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SshOptions {
  /** @default {"ann"} */
  readonly user?: string;
  /** Standard input. @default {""} */
  readonly input?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** More options of the client. */
  readonly options?: readonly string[];
  /** A key of {@linkcode SshHome.createKey}. @default {none} */
  readonly key?: string;
}

/** A directory with keys. */
export class SshHome extends TemporaryDirectory {
  /** Makes a key; returns the path of its private half. */
  async createKey(name: string, type = "ed25519"): Promise<string> {
    const path = `${this.path}/${name}`;
    const args = ["-q", "-t", type, "-N", "", "-C", name, "-f", path];
    const { success } = await new Deno.Command("ssh-keygen", { args }).output();
    if (!success) throw new Error(`Cannot make the key ${name}: is openssh-client installed?`);
    return path;
  }

  /** Starts the client with a command of the server. */
  spawn(
    port: number,
    command: string,
    { user = "ann", options = [], key }: Omit<SshOptions, "input"> = {},
  ): Deno.ChildProcess {
    const settings = {
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
      LogLevel: "ERROR",
      IdentitiesOnly: "yes",
      IdentityAgent: "none",
      NumberOfPasswordPrompts: "1",
      IdentityFile: key ?? "none",
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    return new Deno.Command("ssh", {
      args: ["-F", "none", "-p", `${port}`, ...args, ...options, `${user}@127.0.0.1`, command],
      env: { SSH_ASKPASS_REQUIRE: "never" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs a command of the server to its end; a client that takes too long is killed. */
  async run(
    port: number,
    command: string,
    { input = "", ...options }: SshOptions = {},
  ): Promise<SshResult> {
    const client = this.spawn(port, command, options);
    const timer = setTimeout(() => client.kill("SIGKILL"), PATIENCE_MS);
    const feeding = feed(client.stdin, input);
    const { code, stdout, stderr } = await outputOf(client);
    clearTimeout(timer);
    await feeding;
    return { code, stdout, stderr };
  }
}

/** Writes all input; a client that has ended takes none. */
export async function feed(
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  input: NonNullable<SshOptions["input"]>,
): Promise<void> {
  const stream = input instanceof ReadableStream ? input : ReadableStream.from([
    typeof input === "string" ? new TextEncoder().encode(input) : input,
  ]);
  await stream.pipeTo(stdin).catch(() => {});
}

async function outputOf(client: Deno.ChildProcess): Promise<SshResult> {
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(client.stdout).text(),
    new Response(client.stderr).text(),
    client.status,
  ]);
  return { code, stdout, stderr };
}
