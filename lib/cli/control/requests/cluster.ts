/**
 * The request of `partyline cluster status`.
 *
 * @module
 */

import { DomainError } from "../../../domain/domain_error.ts";
import type { ControlRequest } from "./control_request.ts";

/** One node, as the server knows it. */
export interface NodeStatus {
  readonly node: string;
  /** Whether it is the one that answers. */
  readonly isHere: boolean;
  readonly isAlive: boolean;
  /** How far it has applied the stream; `null` if it has not told. */
  readonly position: number | null;
  readonly [name: string]: string | number | boolean | null;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly servers: readonly string[];
  /** The last entry of the stream; `null` if it cannot be reached. */
  readonly lastSeq: number | null;
  readonly isReached: boolean;
  readonly nodes: readonly NodeStatus[];
  readonly [name: string]:
    | string
    | number
    | boolean
    | null
    | readonly string[]
    | readonly NodeStatus[];
}

export const CLUSTER_REQUESTS: readonly ControlRequest[] = [
  {
    name: "cluster status",
    needsServer: true,
    run: async (_fields, { cluster }) => {
      if (cluster) return await cluster.status();
      throw new DomainError(
        "unavailable",
        "This server does not belong to a cluster. See docs/cluster.md for how to start one.",
      );
    },
  },
];
