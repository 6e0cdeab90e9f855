/** Real NATS servers with JetStream, one or a cluster of them, on ports that stay theirs. */

import { freePort } from "./free_port.ts";
import { until } from "./patience.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

const PROGRAM = Deno.env.get("PARTYLINE_NATS_SERVER") ?? "nats-server";
/** A line of the log, which is in local time. */
const ELECTION = /^\S+ (\S+) (\S+) \[INF\] (?:Self is new|JetStream cluster new stream leader)/gm;

export class NatsServer {
  readonly port = freePort();
  readonly routePort = freePort();
  readonly #monitorPort = freePort();
  readonly directory: string;
  readonly name: string;
  #process: Deno.ChildProcess | undefined;
  #configFile: string;

  constructor(name: string, parent: string) {
    this.name = name;
    this.directory = `${parent}/${name}`;
    this.#configFile = `${parent}/${name}.conf`;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process!.pid;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  configure(routes: readonly NatsServer[], more = ""): void {
    const cluster = routes.length < 2 ? "" : `cluster {
      name: test, listen: "127.0.0.1:${this.routePort}"
      # Or clients would go around a relay.
      no_advertise: true
      routes: [${routes.map(({ routePort }) => `"nats://127.0.0.1:${routePort}"`).join(", ")}]
    }`;
    Deno.writeTextFileSync(
      this.#configFile,
      `server_name: ${this.name}
      listen: "127.0.0.1:${this.port}"
      http: "127.0.0.1:${this.#monitorPort}"
      jetstream { store_dir: "${this.directory}" }
      ${cluster}
      ${more}`,
    );
  }

  async start(): Promise<void> {
    this.#process = new Deno.Command(PROGRAM, {
      args: ["-c", this.#configFile, "-l", `${this.directory}.log`],
      stdout: "null",
      stderr: "null",
    }).spawn();
    let isEnded = false;
    void this.#process.status.then(() => isEnded = true);
    await until(`${PROGRAM} listens`, async () => await isOpen(this.port) || isEnded);
    if (isEnded) throw new Error(`${PROGRAM} did not start: see ${this.directory}.log`);
  }

  /** When it became the leader of the stream or of the cluster, milliseconds since 1970. */
  async elections(): Promise<number[]> {
    const lines = await Deno.readTextFile(`${this.directory}.log`);
    return [...lines.matchAll(ELECTION)].map(([, date, time]) => {
      return Date.parse(`${date.replaceAll("/", "-")}T${time}`);
    });
  }

  /** Waits until it has all that the other servers have, so that one of them may die. */
  async isCurrent(): Promise<void> {
    const isHealthy = async () => {
      try {
        const answer = await fetch(`http://127.0.0.1:${this.#monitorPort}/healthz`);
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        return false;
      }
    };
    await until(`${this.name} is healthy`, isHealthy, 60_000);
  }

  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    try {
      process?.kill(signal);
    } catch {
      // It has ended.
    }
    await process?.status;
  }

  signal(signal: Deno.Signal): void {
    this.#process!.kill(signal);
  }
}

export class NatsServers implements AsyncDisposable {
  readonly all: readonly NatsServer[];
  readonly #directory = new TemporaryDirectory();

  private constructor(count: number) {
    this.all = Array.from({ length: count }, (_, index) => {
      return new NatsServer(`n${index + 1}`, this.#directory.path);
    });
  }

  /** @param more Lines for the configuration of each. */
  static async start(count = 1, more = ""): Promise<NatsServers> {
    await using starting = new AsyncDisposableStack();
    const servers = starting.use(new NatsServers(count));
    for (const server of servers.all) server.configure(servers.all, more);
    await Promise.all(servers.all.map((server) => server.start()));
    starting.move();
    return servers;
  }

  get urls(): string[] {
    return this.all.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    await Promise.all(this.all.map((server) => server.kill()));
  }
}

async function isOpen(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
