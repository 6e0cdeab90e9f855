/**
 * The wiring of the metrics: what they are read from.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { LoginTally } from "../../domain/access/login/login_tally.ts";
import { doorMetrics } from "../../metrics/door_metrics.ts";
import type { Histogram } from "../../metrics/histogram.ts";
import { LoopDelay } from "../../metrics/loop_delay.ts";
import { loginMetrics } from "../../metrics/login_metrics.ts";
import type { LabelledValue, Metric } from "../../metrics/metric.ts";
import { processMetrics } from "../../metrics/process_metrics.ts";
import { roomMetrics } from "../../metrics/room_metrics.ts";
import type { FairBudget } from "../../server/fairness/fair_budget.ts";
import type { Server } from "../../server/accepting/serve.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { VERSION } from "../../version.ts";
import { diskSpace } from "../disk_space.ts";
import type { openStores } from "./open_stores.ts";

/** The files of the data directory whose sizes are told. */
const FILES = { log: "partyline.db", wal: "partyline.db-wal", index: "search.db" };

export interface MetricsParts {
  readonly server: Server;
  readonly budget: FairBudget;
  readonly chat: ChatContext;
  readonly logins: Pick<LoginTally, "counts">;
  readonly sequencer: {
    readonly commits: Histogram;
    readonly fanOuts: Histogram;
    readonly isWritable: boolean;
  };
  readonly stores: Pick<Awaited<ReturnType<typeof openStores>>, "indexer" | "guard">;
  readonly clock: Clock;
  /** The data directory. */
  readonly data: string;
}

/** The metrics of a running server, until they are disposed of. */
export class ServerMetrics implements Disposable {
  readonly #delay: LoopDelay;
  readonly all: readonly Metric[];

  /** @param others Those of parts that not every server has. */
  constructor(
    { server, budget, chat, logins, sequencer, stores, clock, data }: MetricsParts,
    others: Iterable<Metric> = [],
  ) {
    this.#delay = new LoopDelay(clock);
    const { registry, archive, people } = chat;
    const { indexer, guard } = stores;
    this.all = [
      ...doorMetrics({
        doors: () => server.doors,
        queues: () => server.queues,
      }),
      ...roomMetrics({
        // Of all nodes of a cluster, each counts its own.
        people: () => chat.claims?.connected ?? people.size,
        rooms: () => registry.openCount,
        events: registry.tally,
        feeds: archive.feeds,
        commits: sequencer.commits,
        fanOuts: sequencer.fanOuts,
        isWritable: () => sequencer.isWritable && !guard.isLost,
      }),
      ...loginMetrics(logins.counts),
      ...processMetrics({
        version: VERSION,
        delays: this.#delay.delays,
        startedAt: (clock.now() - clock.monotonic()) / 1000,
        waiting: () => budget.waiting,
        indexLagMs: () => indexer.lagMs,
        isIndexComplete: () => indexer.isComplete,
        files: () => fileSizes(data),
        disk: () => diskSpace(data),
      }),
      ...others,
    ];
  }

  [Symbol.dispose](): void {
    this.#delay[Symbol.dispose]();
  }
}

async function fileSizes(data: string): Promise<LabelledValue[]> {
  return await Promise.all(
    Object.entries(FILES).map(async ([file, name]) => {
      const { size } = await Deno.stat(`${data}/${name}`).catch(() => ({ size: 0 }));
      return [{ file }, size] as const;
    }),
  );
}
