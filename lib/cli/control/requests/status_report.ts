/**
 * How a running server is, as `partyline status --json` prints it.
 *
 * @module
 */

import type { ClusterView } from "../../../metrics/cluster_metrics.ts";

/** How a running server is. */
export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly people: number;
  /** Rooms that somebody is in or reads. */
  readonly rooms: number;
  /** Connections by service and transport, without those that have none. */
  readonly connections: readonly {
    readonly service: string;
    readonly door: string;
    readonly open: number;
  }[];
  /** Per second, over the last minute. */
  readonly rates: {
    readonly events: number;
    readonly delivered: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
  };
  readonly readers: {
    /** Readers that are being fed from the log now, and how often any was since the start. */
    readonly behind: number;
    readonly catchUps: number;
    /** Bytes queued for all peers. */
    readonly queuedBytes: number;
    /** The peers for which most is queued, at most ten. */
    readonly slowest: readonly SlowPeer[];
  };
  readonly index: { readonly lagMs: number; readonly isComplete: boolean };
  readonly log: {
    readonly isWritable: boolean;
    /** Events committed since the start, refused, and removed because of the limits of rooms. */
    readonly events: number;
    readonly refused: number;
    readonly expired: number;
  };
  /** What was lost since the start, by reason. */
  readonly lost: readonly {
    readonly reason: string;
    readonly lines: number;
    readonly bytes: number;
    readonly datagrams: number;
  }[];
  /** Absent if the server is not one of a cluster. */
  readonly cluster?: ClusterView;
}

/** A peer that does not read as fast as it is sent to. */
export interface SlowPeer {
  readonly nickname: string;
  readonly remote: string;
  readonly transport: string;
  readonly queuedBytes: number;
}
