/**
 * The wiring: the only place that knows every part. Everything is opened here, and closed here.
 *
 * @module
 */

import { LocalSequencer } from "../backplane/local.ts";
import { sleep, systemClock } from "../clock.ts";
import { RoomRegistry } from "../domain/room_registry.ts";
import { configureLog } from "../log.ts";
import { Server } from "../server/serve.ts";
import { SERVICES } from "../service/mod.ts";
import { Checkpointer } from "../store/sqlite/checkpointer.ts";
import { lockDataDirectory } from "../store/sqlite/data_directory.ts";
import { openDatabase } from "../store/sqlite/database.ts";
import { SqliteMessageLog } from "../store/sqlite/message_log.ts";
import type { Listener } from "../transport/connection.ts";
import { type Endpoint, formatEndpoint } from "../transport/endpoint.ts";
import { listenTcp } from "../transport/tcp.ts";
import type { CommandEnvironment } from "./command.ts";
import type { Binding, ServeOptions } from "./serve_options.ts";

/** Peers that have not read their last words by then are left without. */
const STOP_LIMIT_MS = 4000;

/**
 * Runs the server until the environment's signal is aborted, and resolves to the exit code.
 *
 * @throws {Error} where it cannot start; the message is a sentence that says what to do.
 */
export async function serve(
  options: ServeOptions,
  environment: CommandEnvironment,
): Promise<number> {
  configureLog({
    format: options.logFormat,
    level: options.logLevel,
    write: (line) => environment.stderr(line),
  });
  using directory = lockDataDirectory(options.data);
  const log = openLog(directory.databasePath, options);
  const clock = systemClock;
  try {
    const sequencer = new LocalSequencer(log);
    const registry = new RoomRegistry({ log, sequencer, clock });
    const serviceOptions = { registry, log, clock, nameDeadlineMs: options.nameSeconds * 1000 };
    const services = new Map(
      SERVICES.map((definition) => [definition.name, definition.create(serviceOptions)]),
    );
    const listeners = openListeners(options.listen);
    const server = new Server({ ...options, stallMs: options.stallSeconds * 1000, clock });
    for (const { binding, listener } of listeners) {
      const service = services.get(binding.service)!;
      server.listen(listener, { ...binding.endpoint, service });
      environment.stdout(`listening ${binding.service} ${listener.endpoint}`);
    }
    environment.stdout("ready");
    if (options.logFormat === "text") environment.stderr(howToEnter(listeners, options.data));
    await aborted(environment.signal);
    await Promise.race([server.stop(), sleep(clock, STOP_LIMIT_MS)]);
    await sequencer.settled();
    return 0;
  } finally {
    await log.close();
  }
}

interface OpenBinding {
  readonly binding: Binding;
  readonly listener: Listener;
}

function openLog(path: string, { data, durability }: ServeOptions): SqliteMessageLog {
  try {
    const database = openDatabase(path, durability);
    return new SqliteMessageLog(database, { checkpointer: new Checkpointer(database, path) });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(
      `Cannot open the log ${path}: ${(error as Error).message}. ` +
        `Move ${data} away, or choose another directory with --data DIR.`,
    );
  }
}

/** Opens all or none, so that nobody enters a server that is about to give up. */
function openListeners(bindings: readonly Binding[]): OpenBinding[] {
  const opened: OpenBinding[] = [];
  try {
    for (const binding of bindings) {
      opened.push({ binding, listener: openListener(binding.endpoint) });
    }
    return opened;
  } catch (error) {
    for (const { listener } of opened) listener.close();
    throw error;
  }
}

function openListener(endpoint: Endpoint): Listener {
  try {
    return listenTcp(endpoint);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot listen on ${formatEndpoint(endpoint)}: ${whyNot(error as Error)}`);
  }
}

function whyNot(error: Error): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "the port is in use. Stop the program that has it, or choose another with --listen.";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not allow this port. Choose one above 1023 with --listen.";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return "this machine has no such address. Choose one that it has with --listen.";
  }
  return `${error.message}. Choose another address with --listen.`;
}

/** What a newcomer types next. */
function howToEnter(listeners: readonly OpenBinding[], data: string): string {
  const programs: Record<string, string> = { telnet: "telnet", tcp: "nc" };
  const ways = listeners.map(({ listener }) => {
    const { protocol, hostname, port } = new URL(listener.endpoint);
    return `${programs[protocol.slice(0, -1)]} ${hostname.replace(/^\[|\]$/g, "")} ${port}`;
  });
  return `Enter with: ${ways.join("   or: ")}\n` +
    `Ctrl-C stops the server. What is said is kept in ${data}.`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
