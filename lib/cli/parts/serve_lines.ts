/**
 * Serves the line endpoints: connections and datagrams.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Server } from "../../server/accepting/serve.ts";
import { serveDatagrams } from "../../server/datagrams/serve_datagrams.ts";
import type { FairBudget } from "../../server/fairness/fair_budget.ts";
import type { Service } from "../../server/session/service.ts";
import type { Listener } from "../../transport/connection.ts";
import type { OpenBinding } from "../endpoints/listeners.ts";

export interface ServeLinesOptions {
  readonly server: Server;
  /** By name; all that the listeners are bound to. */
  readonly services: ReadonlyMap<string, Service>;
  readonly clock: Clock;
  readonly budget: FairBudget;
  /** Ends the reading of datagrams. */
  readonly signal: AbortSignal;
  /** Says where the server listens. */
  print(line: string): void;
}

/** What is being served. */
export interface ServedLines {
  readonly streams: readonly Listener[];
  /** Each resolves once nothing more is read of a socket. */
  readonly datagrams: readonly Promise<void>[];
}

export function serveLines(
  bindings: readonly OpenBinding[],
  { server, services, clock, budget, signal, print }: ServeLinesOptions,
): ServedLines {
  const datagrams: Promise<void>[] = [];
  const streams: Listener[] = [];
  for (const { binding, kind, listener, guard } of bindings) {
    const service = services.get(binding.service)!;
    if (kind === "stream") {
      streams.push(listener);
      server.listen(listener, { ...binding.endpoint, service });
    } else {
      const parts = {
        guard,
        service,
        clock,
        work: budget.account(),
        signal,
        traffic: server.doors.at(service.name, binding.endpoint.scheme),
      };
      datagrams.push(serveDatagrams(listener, { ...binding.endpoint, ...parts }));
    }
    print(`listening ${binding.service} ${listener.endpoint}`);
    if (kind === "stream" && listener.fingerprint) {
      print(`host-key ${listener.endpoint} ${listener.fingerprint}`);
    }
  }
  return { streams, datagrams };
}
