/**
 * `partyline cluster`: what the running server knows of its cluster, and how to forget it.
 *
 * @module
 */

import { CLUSTER_STATE } from "../../backplane/cluster_state.ts";
import { systemClock } from "../../clock.ts";
import {
  CLUSTER_JOB_STATE,
  CLUSTER_NAME_STATE,
  CLUSTER_PERSON_STATE,
  CLUSTER_STAY_STATE,
} from "../../domain/visitor.ts";
import { lockDataDirectory, refuseUnusableLog } from "../../store/sqlite/data_directory.ts";
import { openDatabase } from "../../store/sqlite/database.ts";
import { SqliteStateStore } from "../../store/sqlite/state_store.ts";
import { findAction } from "../action.ts";
import type { CommandBody, CommandEnvironment } from "../command.ts";
import { askServer } from "../control/ask_server.ts";
import {
  CLUSTER_REQUESTS,
  type ClusterStatus,
  type NodeStatus,
} from "../control/requests/cluster.ts";
import { refuseSurplus } from "../options/flags.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { READING_OPTIONS, readingOptions } from "../reading/reading.ts";

const OWN_OPTIONS = [
  { name: "json", kind: "flag", doc: "one JSON object" },
] as const satisfies readonly OptionSpec[];

/** What an action gets. */
interface ClusterCall {
  readonly data: string;
  readonly isJson: boolean;
  readonly environment: CommandEnvironment;
}

/** Each resolves to the exit code. */
const ACTIONS: Readonly<Record<string, (call: ClusterCall) => Promise<number>>> = {
  async status({ data, isJson, environment }) {
    const clock = environment.clock ?? systemClock;
    const [request] = CLUSTER_REQUESTS;
    const answer = await askServer(request, {}, { data, clock });
    const status = answer as unknown as ClusterStatus;
    if (isJson) environment.stdout(JSON.stringify(status));
    else for (const line of linesOf(status)) environment.stdout(line);
    return status.isReached ? 0 : 1;
  },

  async reset({ data, environment }) {
    await reset(data);
    environment.stdout(`${data} no longer belongs to a cluster. The next one begins with its log`);
    return 0;
  },
};

/** Shows the nodes of a cluster, or leaves it. */
export default {
  usage: "cluster ACTION [OPTIONS]",
  details: [
    "  status   ask the server on this machine; LAG is what a node has yet to apply",
    "  reset    while no server runs: forget the cluster, and keep the log, to begin",
    "           a new cluster with it after the stream was lost",
  ],
  options: [...OWN_OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    const [action] = args.positionals;
    const run = findAction("cluster", action, ACTIONS);
    refuseSurplus(args, 1, `cluster ${action} takes no arguments`);
    const options = await readingOptions(OWN_OPTIONS, args, environment);
    return await run({ data: options.data.value, isJson: options.json.value, environment });
  },
} satisfies CommandBody;

/** What nodes keep for their cluster. */
const OWN_SERVICES = [
  CLUSTER_STATE,
  CLUSTER_NAME_STATE,
  CLUSTER_PERSON_STATE,
  CLUSTER_STAY_STATE,
  CLUSTER_JOB_STATE,
];

/** Forgets what a node knows of its cluster, but neither its log nor any other state. */
async function reset(data: string): Promise<void> {
  refuseUnusableLog(data);
  using directory = lockDataDirectory(data, { isBrief: true });
  using database = openDatabase(directory.databasePath, "full");
  const state = new SqliteStateStore(database);
  for (const service of OWN_SERVICES) {
    const keys = [...(await state.all(service)).keys()];
    const remove = () => ({ value: null, result: undefined });
    await Promise.all(keys.map((key) => state.update(service, key, remove)));
  }
}

function* linesOf({ cluster, servers, lastSeq, isReached, nodes }: ClusterStatus) {
  yield `cluster ${cluster} on ${servers.join(", ")}`;
  if (!isReached || lastSeq === null) yield "! The cluster cannot be reached from here";
  else yield `${lastSeq === 1 ? "1 entry" : `${lastSeq} entries`} in order`;
  const width = Math.max(4, ...nodes.map(({ node }) => node.length));
  yield `${"NODE".padEnd(width)}  STATE  POSITION  LAG`;
  for (const each of nodes) {
    const position = each.position === null ? "-" : `${each.position}`;
    const columns = [each.node.padEnd(width), stateOf(each).padEnd(5), position.padEnd(8)];
    yield [...columns, lagOf(each, lastSeq)].join("  ");
  }
}

function stateOf({ isHere, isAlive }: NodeStatus): string {
  return isHere ? "here" : isAlive ? "alive" : "gone";
}

function lagOf({ position }: NodeStatus, lastSeq: number | null): string {
  return position === null || lastSeq === null ? "-" : `${Math.max(0, lastSeq - position)}`;
}
