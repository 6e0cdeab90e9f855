/**
 * What a node keeps besides the log and the state of services: how far it has applied the stream,
 * and the run of each node. It changes with each entry, in the same transaction.
 *
 * @module
 */

import type { StateSetting, StateStore } from "../domain/state_store.ts";
import type { Entry, NodeRun } from "./entry.ts";
import { isLaterIncarnation } from "./incarnation.ts";

/** The service under which it is kept. */
export const CLUSTER_STATE = "cluster";
const POSITION_KEY = "position";
const RUN_PREFIX = "run/";

/** How far a node has applied the stream. */
export interface StreamPosition {
  /** When the stream was created; `""` before the first entry. */
  readonly created: string;
  /** The place of the last entry; 0 before the first. */
  readonly seq: number;
  /** Its time, or that of an earlier one if that is later. */
  readonly at: number;
  /** Who sent the entry at that place. */
  readonly by?: NodeRun & { readonly batch: number };
  /** How many runs have begun. */
  readonly runs: number;
  /** The mark after that entry (`past_marks.ts`); absent if an older version wrote the log. */
  readonly mark?: string;
}

interface RunState {
  readonly incarnation: string;
  /** The last one that was applied. */
  readonly batch: number;
  readonly isGone?: true;
}

/** What an entry does to the runs of nodes. */
export interface Admission {
  /** Whether the entry is applied; one that is not is skipped by all nodes alike. */
  readonly isAdmitted: boolean;
  /** The run that it ends. */
  readonly ended?: NodeRun;
}

export class ClusterState {
  position: StreamPosition = { created: "", seq: 0, at: 0, runs: 0 };
  readonly #runs: Map<string, RunState>;
  #changed = new Set<string>();

  private constructor(runs: ReadonlyMap<string, RunState> = new Map()) {
    this.#runs = new Map(runs);
  }

  static async read(store: Pick<StateStore, "all">): Promise<ClusterState> {
    const state = new ClusterState();
    for (const [key, value] of await store.all(CLUSTER_STATE)) {
      if (key === POSITION_KEY) state.position = JSON.parse(value);
      else if (key.startsWith(RUN_PREFIX)) {
        state.#runs.set(key.slice(RUN_PREFIX.length), JSON.parse(value));
      }
    }
    return state;
  }

  /** A copy to be changed by entries that may turn out to be impossible to store. */
  copy(): ClusterState {
    const copy = new ClusterState(this.#runs);
    copy.position = this.position;
    return copy;
  }

  /** All nodes that have run, by name. */
  get runs(): ReadonlyMap<string, RunState> {
    return this.#runs;
  }

  /** Notes an entry, and decides whether it is applied. */
  admit({ node, incarnation, batch, hello, gone }: Entry): Admission {
    const run = this.#runs.get(node);
    if (hello) {
      if (batch !== 1 || !isLaterIncarnation(incarnation, run?.incarnation)) {
        return { isAdmitted: false };
      }
      this.#set(node, { incarnation, batch });
      this.position = { ...this.position, runs: this.position.runs + 1 };
      const isOver = !run || run.isGone;
      return { isAdmitted: true, ...(!isOver && { ended: { node, ...pick(run) } }) };
    }
    const isNext = run && !run.isGone && run.incarnation === incarnation && batch === run.batch + 1;
    if (!isNext) return { isAdmitted: false };
    this.#set(node, { incarnation, batch });
    const lost = gone && this.#runs.get(gone.node);
    if (!lost || lost.isGone || lost.incarnation !== gone.incarnation) return { isAdmitted: true };
    this.#set(gone.node, { ...lost, isGone: true });
    return { isAdmitted: true, ended: { node: gone.node, ...pick(lost) } };
  }

  /** What has changed since it was read or copied, to be stored. */
  settings(): StateSetting[] {
    const setting = (key: string, value: unknown) => {
      return { service: CLUSTER_STATE, key, value: JSON.stringify(value) };
    };
    const runs = [...this.#changed].map((node) => {
      return setting(`${RUN_PREFIX}${node}`, this.#runs.get(node));
    });
    return [setting(POSITION_KEY, this.position), ...runs];
  }

  #set(node: string, run: RunState): void {
    this.#runs.set(node, run);
    this.#changed.add(node);
  }
}

function pick({ incarnation }: RunState): { incarnation: string } {
  return { incarnation };
}
