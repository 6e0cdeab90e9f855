/**
 * The program with clients on another machine that can vanish without a word: a network namespace of
 * its own, whose route back is cut. Linux only; needs `unshare`, `nsenter` and `ip`.
 *
 * @module
 */

import { OPCODES } from "../../lib/codec/websocket_frame.ts";
import { clientFrame, upgradeRequest } from "./raw_peer.ts";
import { Output, runProgram } from "./server_process.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

/** Joins the server's namespace with another one, whose first process prints its number. */
const NETWORK = `exec unshare -rn sh -c '
  ip link set lo up
  unshare -n sh -c "echo \\$\\$ > $DIR/peer; exec sleep 300" &
  until [ -s $DIR/peer ]; do sleep 0.05; done
  peer=$(cat $DIR/peer)
  ip link add near type veth peer name far netns $peer
  ip addr add 10.9.9.1/24 dev near
  ip link set near up
  nsenter -t $peer -n ip addr add 10.9.9.2/24 dev far
  nsenter -t $peer -n ip link set far up
  $SETUP
  exec "$@"' sh "$@"`;
const SERVER = "10.9.9.1";
const DOORS = [
  ...["chat=tcp://10.9.9.1:2324", "chat=telnet://10.9.9.1:2323", "chat=tcp://127.0.0.1:2324"],
  ...["irc=tcp://10.9.9.1:6667", "chat=ssh://10.9.9.1:2222"],
];
const encoder = new TextEncoder();

/** A client with what it has been sent. */
export interface DistantClient {
  readonly output: Output;
  send(text: string): Promise<void>;
}

export class VanishingNetwork implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #server: Deno.ChildProcess;
  readonly #printed: Output;
  readonly #hints: Output;
  readonly #clients: {
    readonly child: Deno.ChildProcess;
    readonly output: Output;
    readonly input: WritableStreamDefaultWriter<Uint8Array>;
  }[] = [];
  /** The first process on the other machine. */
  #peer = 0;

  private constructor(server: Deno.ChildProcess, directory: TemporaryDirectory) {
    this.#server = server;
    this.#directory = directory;
    this.#printed = new Output(server.stdout);
    this.#hints = new Output(server.stderr);
  }

  /** Starts the server. @param setup Shell commands for its network. */
  static async start(setup = ""): Promise<VanishingNetwork> {
    const directory = new TemporaryDirectory();
    const listen = DOORS.flatMap((endpoint) => ["--listen", endpoint]);
    const server = runProgram(
      ["serve", "--data", `${directory.path}/data`, "--web", `http://${SERVER}:2380`, ...listen],
      { prelude: NETWORK.replace("$SETUP", setup), env: { DIR: directory.path } },
    );
    const network = new VanishingNetwork(server, directory);
    if (await network.#printed.until(/^ready\n/m)) {
      network.#peer = Number(await Deno.readTextFile(`${directory.path}/peer`));
      return network;
    }
    const { text } = network.#hints;
    await network[Symbol.asyncDispose]();
    throw new Error(`The server did not start: ${text}`);
  }

  /** Connects by plain TCP from the server's machine, which stays. */
  near(name: string): Promise<DistantClient> {
    return this.#connect(this.#server.pid, ["127.0.0.1", "2324"], encoder.encode(`${name}\n`));
  }

  /** Connects by plain TCP from the machine that vanishes. */
  tcp(name: string): Promise<DistantClient> {
    return this.#connect(this.#peer, [SERVER, "2324"], encoder.encode(`${name}\n`));
  }

  /** Connects by telnet from the machine that vanishes. */
  telnet(name: string): Promise<DistantClient> {
    // WILL TERMINAL-TYPE, DO SUPPRESS-GO-AHEAD.
    const greeting = Uint8Array.of(0xff, 0xfb, 0x18, 0xff, 0xfd, 0x03);
    return this.#connect(this.#peer, [SERVER, "2323"], greeting, encoder.encode(`${name}\r\n`));
  }

  /** Connects by WebSocket from the machine that vanishes. */
  webSocket(name: string): Promise<DistantClient> {
    const request = encoder.encode(upgradeRequest("", `${SERVER}:2380`));
    const hello = encoder.encode(JSON.stringify({ type: "hello", name }));
    const frame = clientFrame(OPCODES.text, hello);
    return this.#connect(this.#peer, [SERVER, "2380"], request, frame);
  }

  /** Enters the lobby by IRC from the machine that vanishes. */
  irc(name: string): Promise<DistantClient> {
    const lines = `NICK ${name}\r\nUSER u 0 * :r\r\nJOIN #lobby\r\n`;
    return this.#connect(this.#peer, [SERVER, "6667"], encoder.encode(lines));
  }

  /** Enters the lobby by IRC over WebSocket from the machine that vanishes. */
  ircOverWebSocket(name: string): Promise<DistantClient> {
    const upgrade = upgradeRequest("Sec-WebSocket-Protocol: text.ircv3.net\r\n", `${SERVER}:2380`);
    const frames = [`NICK ${name}`, "USER u 0 * :r", "JOIN #lobby"]
      .map((line) => clientFrame(OPCODES.text, encoder.encode(line)));
    const request = encoder.encode(upgrade.replace("GET /ws", "GET /irc"));
    return this.#connect(this.#peer, [SERVER, "2380"], request, ...frames);
  }

  /** Connects with OpenSSH from the machine that vanishes. */
  ssh(name: string): Promise<DistantClient> {
    const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
      .flatMap((option) => ["-o", option]);
    return this.#start(this.#peer, ["ssh", ...options, "-p", "2222", `${name}@${SERVER}`]);
  }

  /** Takes the other machine off the network. */
  async cut(): Promise<void> {
    const child = this.#run(this.#peer, "ip", "route", "add", "blackhole", SERVER);
    await child.stdin.close();
    if (!(await child.output()).success) throw new Error("Cannot cut the route");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    for (const { child, input } of this.#clients) {
      await input.close();
      child.kill("SIGKILL");
    }
    if (this.#peer > 0) Deno.kill(this.#peer, "SIGKILL");
    try {
      this.#server.kill("SIGTERM");
    } catch {
      // It did not start.
    }
    await Promise.all([this.#server.status, this.#printed.all, this.#hints.all]);
    await Promise.all(this.#clients.flatMap(({ child, output }) => [child.status, output.all]));
  }

  #connect(
    owner: number,
    address: readonly string[],
    ...greeting: Uint8Array[]
  ): Promise<DistantClient> {
    return this.#start(owner, ["nc", ...address], greeting);
  }

  async #start(
    owner: number,
    command: readonly string[],
    greeting: readonly Uint8Array[] = [],
  ): Promise<DistantClient> {
    const child = this.#run(owner, ...command);
    const output = new Output(child.stdout);
    const writer = child.stdin.getWriter();
    this.#clients.push({ child, output, input: writer });
    for (const bytes of greeting) await writer.write(bytes);
    return { output, send: (text) => writer.write(encoder.encode(text)) };
  }

  /** Runs a program as root of the namespaces, in the network of a process. */
  #run(owner: number, ...command: string[]): Deno.ChildProcess {
    const args = ["-t", String(owner), "-U", "-n", "--preserve-credentials", ...command];
    return new Deno.Command("nsenter", { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
      .spawn();
  }
}
