/**
 * Opens what a node of a cluster needs instead of the sequencer and the state of a single process.
 * Loaded only with `[cluster]`, because NATS comes with it.
 *
 * @module
 */

import { JetstreamStream } from "../../backplane/jetstream/jetstream_stream.ts";
import { NatsCourier } from "../../backplane/jetstream/nats_courier.ts";
import { NatsLink } from "../../backplane/jetstream/nats_link.ts";
import { Leases } from "../../backplane/leases.ts";
import { NodePositions } from "../../backplane/node_positions.ts";
import { PastWatch } from "../../backplane/past_watch.ts";
import { PersonLedger } from "../../backplane/person_ledger.ts";
import { Replica } from "../../backplane/replica.ts";
import { ReplicatedSequencer } from "../../backplane/replicated_sequencer.ts";
import { ReplicatedStateStore } from "../../backplane/replicated_state.ts";
import type { Clock } from "../../clock.ts";
import type { MessageLog } from "../../domain/message_log.ts";
import { SharedJobQueue } from "../../domain/tutorial/shared_job_queue.ts";
import type { ConditionalSetting, StateTable } from "../../domain/state_store.ts";
import { log as diagnostics } from "../../log.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { tellOfCluster } from "../../service/chat/log_notice.ts";
import { ClusterPeople } from "../../service/chat/remote/cluster_people.ts";
import type { ClusterView } from "../../metrics/cluster_metrics.ts";
import { aborted } from "../aborted.ts";
import type { ClusterOptions } from "../settings/cluster_options.ts";
import type { ClusterStatus } from "../control/requests/cluster.ts";

/** Numbers of connections that each run of a node has for itself. */
const CONNECTIONS = 2 ** 32;

export interface OpenClusterParts {
  readonly log: MessageLog;
  /** What this node has stored. */
  readonly state: StateTable;
  readonly clock: Clock;
  readonly nextTurn: () => Promise<void>;
  /** Ends the wait for a cluster that cannot be reached. */
  readonly signal: AbortSignal;
}

/**
 * Joins the cluster: resolves once this node has applied everything that was there, or the signal
 * is aborted.
 *
 * @throws {Error} if it cannot join; the message is a sentence that says what to do.
 */
export async function openCluster(
  options: ClusterOptions,
  { log, state, clock, nextTurn, signal }: OpenClusterParts,
) {
  const { name, node, servers } = options;
  await using stack = new AsyncDisposableStack();
  const { user, password, token, tls } = options;
  const credentials = options.credentials === undefined
    ? undefined
    : new TextEncoder().encode(options.credentials);
  const link = stack.use(
    new NatsLink({
      servers,
      name: `partyline ${name} ${node}`,
      user,
      password,
      token,
      credentials,
      tls,
    }),
  );
  const { replicas, keepForMs: maxAgeMs } = options;
  const stream = new JetstreamStream(link, { name, replicas, maxAgeMs });
  const courier = new NatsCourier(link, name, node);
  const replica = await Replica.open({
    log,
    state,
    ledger: await PersonLedger.read(state),
    nextTurn,
  });
  const failing = new AbortController();
  const onFailure = (reason: Error) => failing.abort(reason);
  const sequencer = stack.use(
    new ReplicatedSequencer({
      stream,
      replica,
      log,
      courier,
      node,
      clock,
      nextTurn,
      onFailure,
    }),
  );
  let leases: Leases | undefined = undefined;
  const isDecider = () => leases?.isDecider() ?? false;
  const shared = new ReplicatedStateStore({ table: state, sequencer, isDecider, clock });
  diagnostics("cluster").info(`Joining the cluster ${name} as node ${node}`);
  await sequencer.catchUp(signal);
  if (!signal.aborted) await Promise.race([sequencer.start(), aborted(signal)]);
  const positions = stack.use(
    new NodePositions({ courier, clock, position: () => replica.position.seq }),
  );
  stack.use(new PastWatch({ node, courier, replica, clock, onFailure }));
  const ownLeases = stack.use(
    new Leases({
      node,
      courier,
      clock,
      runs: () => replica.runs,
      isReached: () => sequencer.isReached,
      submitGone: (run) => sequencer.submitGone(run),
    }),
  );
  leases = ownLeases;
  const jobLine = await SharedJobQueue.open({ state: shared, node });
  const opened = stack.move();
  return {
    node,
    sequencer,
    courier,
    isDecider,
    /** The state of the cluster. */
    state: shared,
    /** Where the jobs of all nodes wait. */
    jobLine,
    /** Has the people of all nodes among those of this one. */
    async bringTogether(chat: ChatContext): Promise<void> {
      const submitChange = (change: ConditionalSetting) => sequencer.submitChange(change);
      await ClusterPeople.open({
        chat,
        node,
        state: shared,
        courier,
        submitChange,
        isReached: () => sequencer.isReached,
        onReach: (reached) => sequencer.follow({ reached }),
      });
      sequencer.follow({ reached: (isReached) => void tellOfCluster(chat, isReached) });
    },
    /** Aborted, with the reason, when this node cannot go on. */
    failed: failing.signal,
    /** How this node sees the cluster, without asking anybody. */
    view: (): ClusterView => ({
      isReached: sequencer.isReached,
      position: replica.position.seq,
      alive: ownLeases.alive.length,
    }),
    firstOrigin: (sequencer.run?.number ?? 0) * CONNECTIONS,
    async status(): Promise<ClusterStatus> {
      const { lastSeq } = await stream.describe(false).catch(() => ({ lastSeq: null }));
      const runs = [...replica.runs].sort(([a], [b]) => a < b ? -1 : 1);
      const nodes = runs.map(([other, { isGone }]) => ({
        node: other,
        isHere: other === node,
        isAlive: ownLeases.alive.includes(other) && !isGone,
        position: (other === node ? replica.position.seq : positions.of(other)) ?? null,
      }));
      return { cluster: name, servers, lastSeq, isReached: sequencer.isReached, nodes };
    },
    async [Symbol.asyncDispose]() {
      await opened.disposeAsync();
    },
  };
}
