/**
 * Stops the server in steps, each with a limit: everybody is told and may read what is queued, then
 * their connections are closed, and what they said is stored.
 *
 * @module
 */

import { type Clock, waitFor } from "../../clock.ts";
import type { Server } from "../../server/accepting/serve.ts";

/** Peers get this long to read what is still queued for them. */
const STOP_LIMIT_MS = 2500;
/** The same while others wait for the next server. */
const HANDOVER_LIMIT_MS = 1000;
const HANDOVER = "The server restarts. Connect again; all messages are saved.";
/** Those who have not read it by then are disconnected, and their connections end in this time. */
const ABORT_LIMIT_MS = 500;
/** What has not reached the cluster by then is not sent. */
const CUT_OFF_LIMIT_MS = 1500;

export interface StopServerParts {
  readonly server: Pick<Server, "stop" | "abort">;
  /** Each resolves once nothing more is read of a socket. */
  readonly datagrams: readonly Promise<void>[];
  readonly clock: Clock;
  /** Whether another server takes over at once. */
  readonly isHandingOver: boolean;
  /** Whether what people said can no longer be stored. */
  readonly isLogLost: boolean;
  /** Whether others give events their order, for whom a node that is cut off cannot wait. */
  readonly isClustered: boolean;
  /** Resolves once everything is on disk. */
  settled(): Promise<unknown>;
}

export async function stopServer(parts: StopServerParts): Promise<void> {
  const { server, datagrams, clock, isHandingOver, isLogLost, isClustered } = parts;
  const farewell = isLogLost ? "The server is stopping." : isHandingOver ? HANDOVER : undefined;
  const stopped = Promise.all([server.stop(farewell), ...datagrams]);
  await waitFor(stopped, clock, isHandingOver ? HANDOVER_LIMIT_MS : STOP_LIMIT_MS);
  // What was read of those who are left is still stored.
  server.abort();
  await waitFor(stopped, clock, ABORT_LIMIT_MS);
  const settled = parts.settled();
  await (isClustered ? waitFor(settled, clock, CUT_OFF_LIMIT_MS) : settled);
}
