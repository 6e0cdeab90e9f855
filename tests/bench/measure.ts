/**
 * Starts a chat server, loads it from another process, and measures both ends.
 *
 * @module
 */

import { linesOf, portIn } from "../support/program_output.ts";
import { START_ENV, START_FLAGS } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import type { Load, LoadResult } from "./load.ts";
import { cpuSeconds, pinned, residentBytes } from "./machine.ts";

export interface Measured extends LoadResult {
  /** CPU time of the server as a fraction of one core. */
  readonly cpu: number;
  /** CPU time of the server for each delivery, in microseconds. */
  readonly cpuPerDelivery: number;
  readonly bytesPerClient: number;
}

/** A chat server in a process of its own. */
export interface ChatServer {
  readonly process: Deno.ChildProcess;
  readonly port: number;
  dispose(): Promise<void>;
}

const here = (file: string) => new URL(file, import.meta.url).pathname;

/** @throws {Error} if messages were lost or out of order. */
export async function measure(
  start: () => Promise<ChatServer>,
  load: Omit<Load, "port">,
): Promise<Measured> {
  const server = await start();
  const before = residentBytes(server.process.pid);
  const driver = pinned(1, Deno.execPath(), [
    "run",
    "--allow-net",
    here("load.ts"),
    JSON.stringify({ ...load, port: server.port }),
  ]).spawn();
  const lines = linesOf(driver.stdout);
  await lines.next();
  const bytesPerClient = (residentBytes(server.process.pid) - before) / load.clients;
  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(server.process.pid);
  const result: LoadResult = JSON.parse((await lines.next()).value!);
  const elapsed = (performance.now() - startedAt) / 1000;
  const seconds = cpuSeconds(server.process.pid) - cpuBefore;
  if (result.wrong > 0) throw new Error(`Messages lost or out of order: ${result.wrong}`);
  const writer = driver.stdin.getWriter();
  await writer.write(new Uint8Array([10]));
  await writer.close();
  await driver.status;
  await server.dispose();
  const deliveries = result.deliveriesPerSecond * load.seconds;
  return {
    ...result,
    cpu: seconds / elapsed,
    cpuPerDelivery: deliveries > 0 ? seconds / deliveries * 1e6 : 0,
    bytesPerClient,
  };
}

/** Without limits that would hold up the load. */
export async function startPartyline(): Promise<ChatServer> {
  const data = new TemporaryDirectory();
  const process = pinned(0, "env", [
    ...START_ENV,
    Deno.execPath(),
    "run",
    ...START_FLAGS,
    here("../../main.ts"),
    "serve",
    "--data",
    data.path,
    "--listen",
    "chat=tcp://127.0.0.1:0",
    "--no-web",
    "--flood-rate",
    "0",
    "--max-per-address",
    "0",
    "--max-connections",
    "0",
  ]).spawn();
  const dispose = async () => {
    using _data = data;
    process.kill("SIGKILL");
    await process.status;
  };
  return { process, port: portIn(await firstLine(process.stdout)), dispose };
}

/** The chat of 25 lines on node:net. */
export async function startNodeChat(): Promise<ChatServer> {
  const process = pinned(0, "node", [here("node_chat.mjs")]).spawn();
  const dispose = async () => {
    process.kill("SIGKILL");
    await process.status;
  };
  return { process, port: portIn(await firstLine(process.stdout)), dispose };
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const { value } = await linesOf(stream).next();
  return value ?? "";
}
