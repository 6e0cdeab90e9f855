/**
 * The server's end of the control socket, `control.sock` in the data directory, through which
 * commands on the machine reach the running server. Opening it gives an operator's power, so only
 * the user who runs the server may.
 *
 * It has its own limits, so that operators get through when the ports are crowded.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { log } from "../../log.ts";
import { acceptConnections } from "../../server/accepting/accept_loop.ts";
import type { WorkAccount } from "../../server/fairness/work_account.ts";
import { systemReason } from "../../store/sqlite/data_directory.ts";
import type { ByteConnection, Listener } from "../../transport/connection.ts";
import { isPathTooLong, listenPrivately } from "../../transport/private_socket.ts";
import { FieldError, Fields } from "../../web/fields.ts";
import { ControlLineError, readControlLines, writeControlLine } from "./control_lines.ts";
import type { ControlAnswer, ControlParts, ControlRequest } from "./requests/control_request.ts";
import { CONTROL_REQUESTS } from "./requests/mod.ts";

/** Longest request, in bytes. */
const MAX_REQUEST_BYTES = 128 * 1024;
const MOST_CONNECTIONS = 16;
/** How long a connection may stay. */
const TIME_LIMIT_MS = 30_000;

export interface ControlSocketOptions {
  /** The data directory, locked by this process. */
  readonly data: string;
  readonly parts: ControlParts;
  readonly clock: Clock;
  readonly work: WorkAccount;
  /** @default {CONTROL_REQUESTS} */
  readonly requests?: readonly ControlRequest[];
}

/** The path of the socket of the server on a data directory. */
export function controlPath(data: string): string {
  return `${data}/control.sock`;
}

/**
 * Opens the socket; disposing of the result closes it once the requests under way are answered, or
 * have taken too long. If it cannot be opened, that is logged: the server works without it.
 */
export function openControlSocket(options: ControlSocketOptions): ControlSocket | undefined {
  const path = controlPath(options.data);
  try {
    return new ControlSocket(listenPrivately(path), options);
  } catch (error) {
    const reason = isPathTooLong(error)
      ? "the path is too long for a socket. Use a shorter --data DIR"
      : systemReason(error as Error);
    const message = `Cannot open ${path}: ${reason}. ` +
      'Until then, "partyline account" and "partyline token" only work while the server is stopped.';
    log("control").warning("{message}", { message });
    return undefined;
  }
}

export class ControlSocket implements AsyncDisposable {
  readonly #listener: Listener;
  readonly #options: ControlSocketOptions;
  readonly #accepting: Promise<void>;
  readonly #stop = new AbortController();
  /** Connections, and what they are doing. */
  readonly #open = new Map<ByteConnection, Promise<void>>();
  /** Connections with a request under way. */
  readonly #busy = new Set<ByteConnection>();

  constructor(listener: Listener, options: ControlSocketOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = acceptConnections(listener, {
      ...options,
      isStopping: () => this.#stop.signal.aborted,
      onConnection: (connection) => this.#take(connection),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#listener.close();
    await this.#accepting;
    for (const connection of this.#open.keys()) {
      if (!this.#busy.has(connection)) connection.close();
    }
    await Promise.all(this.#open.values());
  }

  #take(connection: ByteConnection): void {
    if (this.#open.size >= MOST_CONNECTIONS) return connection.close();
    const done = new AbortController();
    // Even a request that never ends holds up the end of the server no longer than this.
    const limit = sleep(this.#options.clock, TIME_LIMIT_MS, done.signal)
      .then(() => connection.close());
    const serving = this.#serve(connection).finally(() => {
      done.abort();
      this.#open.delete(connection);
    });
    this.#open.set(connection, Promise.race([serving, limit]));
  }

  /** Never rejects. */
  async #serve(connection: ByteConnection): Promise<void> {
    try {
      for await (const line of readControlLines(connection, MAX_REQUEST_BYTES)) {
        this.#busy.add(connection);
        await writeControlLine(connection, await this.#answer(line));
        this.#busy.delete(connection);
        if (this.#stop.signal.aborted) return;
      }
    } catch (error) {
      if (!(error instanceof ControlLineError)) return;
      await writeControlLine(connection, refusal("bad-request", error.message)).catch(() => {});
    } finally {
      this.#busy.delete(connection);
      connection.close();
    }
  }

  async #answer(line: string): Promise<ControlAnswer> {
    const { parts, requests = CONTROL_REQUESTS } = this.#options;
    try {
      const fields = Fields.ofJson(line);
      const name = fields.text("request");
      const request = requests.find((request) => request.name === name);
      if (!request) throw new FieldError(`There is no request ${JSON.stringify(name)}.`);
      const given = Fields.ofObject(fields.optionalObject("fields") ?? {}, '"fields"');
      return { result: await request.run(given, parts) };
    } catch (error) {
      if (error instanceof FieldError) return refusal("bad-request", error.message);
      if (error instanceof DomainError) return refusal(error.code, error.message);
      log("control").error("Cannot answer a request: {error}", { error });
      return refusal("internal", "Internal error. The server has logged it.");
    }
  }
}

function refusal(code: string, text: string): ControlAnswer {
  return { error: { code, text } };
}
