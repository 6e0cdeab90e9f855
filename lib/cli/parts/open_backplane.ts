/**
 * Opens what gives events their order, and the state that goes with it: a sequencer of this process,
 * or a cluster.
 *
 * @module
 */

import { CLUSTER_STATE } from "../../backplane/cluster_state.ts";
import { LocalSequencer } from "../../backplane/local.ts";
import type { Clock } from "../../clock.ts";
import type { Gathering } from "../../server/fairness/gathering.ts";
import type { CommandEnvironment } from "../command.ts";
import type { ServeOptions } from "../settings/serve_options.ts";
import type { openStores } from "./open_stores.ts";

export interface OpenBackplaneParts {
  readonly stores: Pick<Awaited<ReturnType<typeof openStores>>, "log" | "state">;
  readonly clock: Clock;
  readonly nextTurn: () => Promise<void>;
  readonly gathering: Gathering;
  readonly environment: Pick<CommandEnvironment, "env" | "signal">;
}

/**
 * Joins the cluster, if there is one: resolves once this node has applied everything that was there,
 * or the signal of the environment is aborted.
 *
 * @throws {Error} if it cannot be opened; the message is a sentence that says what to do.
 */
export async function openBackplane(
  options: Pick<ServeOptions, "cluster" | "data">,
  { stores, clock, nextTurn, gathering, environment }: OpenBackplaneParts,
) {
  const { log, state } = stores;
  if (options.cluster) {
    // Loads NATS only if it is used.
    const { openCluster } = await import("./open_cluster.ts");
    const { signal } = environment;
    const parts = { log, state, clock, nextTurn, signal };
    const cluster = await openCluster(options.cluster, parts);
    return {
      cluster,
      sequencer: cluster.sequencer,
      state: cluster.state,
      [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    };
  }
  if ((await state.all(CLUSTER_STATE)).size > 0) {
    throw new Error(
      `${options.data} belongs to a cluster, and its log would diverge from those of the other nodes. ` +
        "Start with the configuration that has [cluster], or leave it: partyline cluster reset",
    );
  }
  const sequencer = new LocalSequencer(log, clock, nextTurn, gathering);
  // Loads OpenTelemetry only if it is used.
  if (environment.env("OTEL_DENO") === "true") {
    const { batchTracing } = await import("../tracing/batch_tracing.ts");
    sequencer.startTrace = batchTracing(clock);
  }
  return { cluster: undefined, sequencer, state, async [Symbol.asyncDispose]() {} };
}
