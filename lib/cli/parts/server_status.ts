/**
 * Reads how the server is, for `partyline status`.
 *
 * @module
 */

import type { ClusterView } from "../../metrics/cluster_metrics.ts";
import { Rates } from "../../metrics/rates.ts";
import { VERSION } from "../../version.ts";
import type { StatusReport } from "../control/requests/status_report.ts";
import type { MetricsParts } from "./open_metrics.ts";

/** Peers that are named. */
const MOST_SLOW = 10;

export class ServerStatus implements Disposable {
  readonly #parts: MetricsParts;
  readonly #rates: Rates<keyof StatusReport["rates"]>;
  readonly #cluster: (() => ClusterView) | undefined;

  /** @param cluster Reads how the cluster is, if there is one. */
  constructor(parts: MetricsParts, cluster?: () => ClusterView) {
    this.#parts = parts;
    this.#cluster = cluster;
    const { server, chat: { registry, archive } } = parts;
    this.#rates = new Rates(parts.clock, () => {
      let [bytesIn, bytesOut] = [0, 0];
      for (const door of server.doors) {
        bytesIn += door.bytesIn;
        bytesOut += door.bytesOut;
      }
      const { delivered } = archive.feeds;
      return { events: registry.tally.total, delivered, bytesIn, bytesOut };
    });
  }

  [Symbol.dispose](): void {
    this.#rates[Symbol.dispose]();
  }

  read(): StatusReport {
    const { server, chat, sequencer, stores: { indexer, guard }, clock } = this.#parts;
    const { people, registry, archive: { feeds } } = chat;
    const { tally } = registry;
    const cluster = this.#cluster?.();
    return {
      version: VERSION,
      pid: Deno.pid,
      startedAt: new Date(Math.round(clock.now() - clock.monotonic())).toISOString(),
      people: people.size,
      rooms: registry.openCount,
      connections: Array.from(server.doors, ({ service, door, open }) => ({ service, door, open }))
        .filter(({ open }) => open > 0),
      rates: this.#rates.perSecond,
      readers: {
        behind: feeds.behind,
        catchUps: feeds.catchUps,
        queuedBytes: server.queues.bytes,
        slowest: server.slowest(MOST_SLOW).map(({ context, queuedBytes }) => ({
          nickname: context.nickname ?? "",
          remote: context.remote,
          transport: context.transport,
          queuedBytes,
        })),
      },
      index: { lagMs: Math.round(indexer.lagMs), isComplete: indexer.isComplete },
      log: {
        isWritable: sequencer.isWritable && !guard.isLost,
        events: tally.total,
        refused: tally.refused,
        expired: tally.expired,
      },
      lost: Object.entries(tally.lost)
        .filter(([, { lines, bytes, datagrams }]) => lines + bytes + datagrams > 0)
        .map(([reason, counts]) => ({ reason, ...counts })),
      ...(cluster === undefined ? {} : { cluster }),
    };
  }
}
