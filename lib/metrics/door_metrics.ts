/**
 * Connections, and what passes them, by door.
 *
 * @module
 */

import type { Metric } from "./metric.ts";

/** What is counted of the connections to one service by one transport. */
export interface DoorCounts {
  /** The service, e.g. `chat`, or `web`. */
  readonly service: string;
  /** The scheme of its endpoints, e.g. `telnet`. */
  readonly door: string;
  /** Connections now. */
  readonly open: number;
  /** Connections so far; those that were refused are not among them. */
  readonly accepted: number;
  readonly refused: number;
  /** Connections ended because the peer read nothing. */
  readonly stalled: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What is queued for peers. */
export interface Queues {
  /** Bytes in all outboxes. */
  readonly bytes: number;
  /** Bytes in the fullest. */
  readonly most: number;
  /** As many as may be in one. */
  readonly limit: number;
}

export interface DoorSources {
  readonly doors: () => Iterable<DoorCounts>;
  readonly queues: () => Queues;
}

export function doorMetrics({ doors, queues }: DoorSources): Metric[] {
  const byDoor = (read: (counts: DoorCounts) => number) => () =>
    Array.from(doors(), (counts) => {
      const { service, door } = counts;
      return [{ service, door }, read(counts)] as const;
    });
  return [
    {
      name: "partyline_connections",
      help: "Connections open now",
      type: "gauge",
      read: byDoor(({ open }) => open),
    },
    {
      name: "partyline_connections_accepted_total",
      help: "Connections accepted",
      type: "counter",
      read: byDoor(({ accepted }) => accepted),
    },
    {
      name: "partyline_connections_refused_total",
      help: "Connections refused because there were too many",
      type: "counter",
      read: byDoor(({ refused }) => refused),
    },
    {
      name: "partyline_connections_stalled_total",
      help: "Connections ended because the peer read nothing",
      type: "counter",
      read: byDoor(({ stalled }) => stalled),
    },
    {
      name: "partyline_received_bytes_total",
      help: "Bytes received from peers",
      type: "counter",
      read: byDoor(({ bytesIn }) => bytesIn),
    },
    {
      name: "partyline_sent_bytes_total",
      help: "Bytes sent to peers",
      type: "counter",
      read: byDoor(({ bytesOut }) => bytesOut),
    },
    {
      name: "partyline_outbox_bytes",
      help: "Bytes queued for all peers",
      type: "gauge",
      read: () => queues().bytes,
    },
    {
      name: "partyline_outbox_fullest_bytes",
      help: "Bytes queued for the peer that is furthest behind",
      type: "gauge",
      read: () => queues().most,
    },
    {
      name: "partyline_outbox_limit_bytes",
      help: "Bytes queued for a peer before it is fed from the log instead",
      type: "gauge",
      read: () => queues().limit,
    },
  ];
}
