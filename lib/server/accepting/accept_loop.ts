/**
 * Accepts connections, and keeps accepting whatever goes wrong with one of them.
 *
 * An error that concerns one connection, such as a reset by a port scan or a health check before it
 * was accepted, does not delay the others. Only a lack of descriptors or memory causes a pause,
 * because trying again at once would only fail again.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { type Clock, sleep } from "../../clock.ts";
import { log } from "../../log.ts";
import type { ByteConnection, Listener } from "../../transport/connection.ts";
import { NotAdmittedError } from "../../transport/guarded_listener.ts";
import type { WorkAccount } from "../fairness/work_account.ts";

/** Pauses while descriptors or memory are lacking, in milliseconds. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 1000;
/** Failed connections in a row after which other work gets a turn. */
const FAILURES_AT_ONCE = 64;

/** Errors of accept(2) that concern one connection, and use it up. */
const CONNECTION_CODES = new Set([
  "ENOTCONN",
  "ECONNABORTED",
  "ECONNRESET",
  "EPROTO",
  "EPIPE",
  "EINTR",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
]);

export interface AcceptLoopOptions {
  readonly clock: Clock;
  /**
   * Charged for beginning conversations, so that a crowd that arrives at once does not stall
   * everybody else.
   */
  readonly work: WorkAccount;
  /** Whether the server is stopping; a failure then means that the listener was closed. */
  readonly isStopping: () => boolean;
  /** Called when descriptors or memory are lacking; returns whether it freed some. */
  readonly onShortage?: () => boolean;
  readonly onConnection: (connection: ByteConnection) => void;
}

/** Accepts connections until the server stops. Never rejects. */
export async function acceptConnections(
  listener: Listener,
  { clock, work, isStopping, onShortage, onConnection }: AcceptLoopOptions,
): Promise<void> {
  let pauseMs = 0;
  let failures = 0;
  while (!isStopping()) {
    let connection: ByteConnection;
    const turn = work.admit();
    if (turn) await turn;
    try {
      connection = await listener.accept();
    } catch (error) {
      if (isStopping()) return;
      if (concernsOneConnection(error)) {
        if (!(error instanceof NotAdmittedError)) {
          log("server").debug("Cannot accept a connection: {error}", { error });
        }
        if (++failures % FAILURES_AT_ONCE === 0) await setImmediate();
        continue;
      }
      if (onShortage?.()) continue;
      if (pauseMs === 0) {
        log("server").warning("Cannot accept connections for now: {error}", { error });
      }
      pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, pauseMs * 2), LONGEST_PAUSE_MS);
      await sleep(clock, pauseMs);
      continue;
    }
    // Too late to serve it, or even to tell it why.
    if (isStopping()) return connection.close();
    pauseMs = 0;
    failures = 0;
    onConnection(connection);
  }
}

/** Whether accepting failed for one connection only, so that the next one may succeed at once. */
function concernsOneConnection(error: unknown): boolean {
  if (
    error instanceof NotAdmittedError ||
    error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.TimedOut
  ) {
    return true;
  }
  const { code } = error as { code?: unknown };
  return typeof code === "string" && CONNECTION_CODES.has(code);
}
