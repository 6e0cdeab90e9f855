/**
 * A node of a cluster. A Prometheus that reads all nodes knows how far each is behind:
 * `max(partyline_cluster_position) - partyline_cluster_position`.
 *
 * @module
 */

import type { Metric } from "./metric.ts";

/** How a node sees its cluster. */
export interface ClusterView {
  /** Whether the stream can be reached, and by it a majority. */
  readonly isReached: boolean;
  /** The last entry of the stream that this node has applied. */
  readonly position: number;
  /** Nodes that are alive, this one among them. */
  readonly alive: number;
}

export function clusterMetrics(read: () => ClusterView): Metric[] {
  return [
    {
      name: "partyline_cluster_connected",
      help: "1 if this node reaches the stream of the cluster, else 0",
      type: "gauge",
      read: () => Number(read().isReached),
    },
    {
      name: "partyline_cluster_position",
      help: "The last entry of the stream that this node has applied",
      type: "gauge",
      read: () => read().position,
    },
    {
      name: "partyline_cluster_nodes",
      help: "Nodes that this node knows to be alive, itself among them",
      type: "gauge",
      read: () => read().alive,
    },
  ];
}
