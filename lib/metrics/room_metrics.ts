/**
 * People, rooms and events: how many, how fast, and what was lost.
 *
 * @module
 */

import type { Histogram } from "./histogram.ts";
import type { LabelledValue, Metric } from "./metric.ts";

/** Lines that were lost or damaged for one reason. */
export interface LostCounts {
  readonly lines?: number;
  readonly bytes?: number;
  readonly datagrams?: number;
}

/** Events since the start. */
export interface EventCounts {
  /** Committed events by kind. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Events that could not be committed. */
  readonly refused: number;
  /** Events removed by retention. */
  readonly expired: number;
  /** By reason. */
  readonly lost: Readonly<Record<string, LostCounts>>;
}

/** Readers of rooms. */
export interface FeedCounts {
  /** Events handed to readers. */
  readonly delivered: number;
  /** Readers that are being fed from the log now, and how often any was. */
  readonly behind: number;
  readonly catchUps: number;
}

export interface RoomSources {
  readonly people: () => number;
  readonly rooms: () => number;
  readonly events: EventCounts;
  readonly feeds: FeedCounts;
  readonly commits: Histogram;
  readonly fanOuts: Histogram;
  /** Whether events can be written to the log. */
  readonly isWritable: () => boolean;
}

export function roomMetrics(sources: RoomSources): Metric[] {
  const { people, rooms, events, feeds, commits, fanOuts, isWritable } = sources;
  const lost = (unit: keyof LostCounts) => (): readonly LabelledValue[] =>
    Object.entries(events.lost).map(([reason, counts]) => [{ reason }, counts[unit] ?? 0]);
  return [
    { name: "partyline_people", help: "People with a name", type: "gauge", read: people },
    {
      name: "partyline_rooms",
      help: "Rooms that somebody is in or reads",
      type: "gauge",
      read: rooms,
    },
    {
      name: "partyline_events_total",
      help: "Events committed to the log",
      type: "counter",
      read: () => Object.entries(events.kinds).map(([kind, count]) => [{ kind }, count]),
    },
    {
      name: "partyline_events_delivered_total",
      help: "Events handed to readers, once for each reader",
      type: "counter",
      read: () => feeds.delivered,
    },
    {
      name: "partyline_events_refused_total",
      help: "Events that could not be committed, and that nobody has seen",
      type: "counter",
      read: () => events.refused,
    },
    {
      name: "partyline_events_expired_total",
      help: "Events removed because of the limits of their rooms",
      type: "counter",
      read: () => events.expired,
    },
    {
      name: "partyline_lost_lines_total",
      help: "Lines lost or damaged, each recorded by a gap in its room",
      type: "counter",
      read: lost("lines"),
    },
    {
      name: "partyline_lost_bytes_total",
      help: "Bytes lost, each recorded by a gap in its room",
      type: "counter",
      read: lost("bytes"),
    },
    {
      name: "partyline_lost_datagrams_total",
      help: "Datagrams lost, each recorded by a gap in its room",
      type: "counter",
      read: lost("datagrams"),
    },
    {
      name: "partyline_readers_behind",
      help: "Readers that are being fed from the log",
      type: "gauge",
      read: () => feeds.behind,
    },
    {
      name: "partyline_catch_ups_total",
      help: "Times that a reader fell behind and was fed from the log",
      type: "counter",
      read: () => feeds.catchUps,
    },
    {
      name: "partyline_commit_duration_seconds",
      help: "Time to commit a batch of events to the log",
      type: "histogram",
      read: () => commits,
    },
    {
      name: "partyline_fan_out_duration_seconds",
      help: "Time to queue a batch of committed events for all who read them",
      type: "histogram",
      read: () => fanOuts,
    },
    {
      name: "partyline_log_writable",
      help: "1 if events can be written to the log, else 0",
      type: "gauge",
      read: () => Number(isWritable()),
    },
  ];
}
