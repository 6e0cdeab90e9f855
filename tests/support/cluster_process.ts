/** Real nodes of a cluster as processes, on real NATS servers. */

import type { NatsServers } from "./nats_servers.ts";
import { runToEnd, ServerProcess } from "./server_process.ts";
import { PATIENCE_MS, until } from "./patience.ts";
import { TemporaryDirectory } from "./temporary_directory.ts";

export interface ClusterNodeParts {
  /** Its way to the servers. @default {theirs} */
  readonly urls?: readonly string[];
  /** Its data directory. @default {in the one of the test} */
  readonly data?: string;
  /** More environment. */
  readonly env?: Record<string, string>;
}

export interface ClusterProcessesOptions {
  readonly replicas?: number;
  /** More lines of `[cluster]`. */
  readonly settings?: string;
  /** More arguments after `serve`. */
  readonly args?: readonly string[];
  /** How long a node may take to become ready, and a command to end. @default {a minute} */
  readonly patienceMs?: number;
  /** What a node has of its own. */
  readonly nodes?: Readonly<Record<string, ClusterNodeParts>>;
}

export class ClusterProcesses implements AsyncDisposable {
  readonly #temporary = new TemporaryDirectory();
  readonly directory = this.#temporary.path;
  readonly servers: NatsServers;
  readonly #options: ClusterProcessesOptions;
  readonly #running = new Set<ServerProcess>();

  constructor(servers: NatsServers, options: ClusterProcessesOptions = {}) {
    this.servers = servers;
    this.#options = options;
  }

  data(node: string): string {
    return this.#options.nodes?.[node]?.data ?? `${this.directory}/${node}`;
  }

  /** The arguments with which a node is started. */
  args(node: string): string[] {
    const { replicas = 1, settings = "", args = [], nodes = {} } = this.#options;
    const config = `${this.directory}/${node}.toml`;
    Deno.writeTextFileSync(
      config,
      `[cluster]
      servers = ${JSON.stringify(nodes[node]?.urls ?? this.servers.urls)}
      name = "test"
      node = "${node}"
      replicas = ${replicas}
      ${settings}`,
    );
    return ["--config", config, ...args];
  }

  async start(node: string): Promise<ServerProcess> {
    const process = await ServerProcess.start({
      data: this.data(node),
      args: this.args(node),
      env: this.#options.nodes?.[node]?.env,
      patienceMs: this.#options.patienceMs,
    });
    this.#running.add(process);
    return process;
  }

  /** Starts a node that refuses. */
  async refusal(node: string): Promise<string> {
    const { code, stderr } = await runToEnd([
      "serve",
      "--data",
      this.data(node),
      "--listen",
      "chat=tcp://127.0.0.1:0",
      "--no-web",
      ...this.args(node),
    ]);
    if (code !== 1) throw new Error(`It ended with ${code}: ${stderr}`);
    return stderr;
  }

  /** Everything that a node has stored. */
  async export(node: string): Promise<string> {
    return (await this.command("export", "--data", this.data(node))).stdout;
  }

  /** Runs another command. */
  async command(...args: string[]) {
    const ending = await runToEnd(args, { patienceMs: this.#options.patienceMs });
    if (ending.code !== 0) throw new Error(ending.stderr);
    return ending;
  }

  /** Waits until nodes have stored the same, and returns it. */
  async same(nodes: readonly string[], patienceMs = PATIENCE_MS): Promise<string> {
    let exported: string[] = [];
    await until(`${nodes} have the same`, async () => {
      exported = await Promise.all(nodes.map((node) => this.export(node)));
      return exported.every((text) => text === exported[0]);
    }, patienceMs);
    return exported[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _temporary = this.#temporary;
    await Promise.all([...this.#running].map((process) => process.kill()));
  }
}
