/**
 * The process, its data directory and its version.
 *
 * @module
 */

import process from "node:process";
import type { Histogram } from "./histogram.ts";
import type { LabelledValue, Metric } from "./metric.ts";

/** The disk of the data directory. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

export interface ProcessSources {
  readonly version: string;
  /** Delays of the event loop. */
  readonly delays: Histogram;
  /** When the process started, seconds since 1970. */
  readonly startedAt: number;
  /** Units of work that wait for their turn. */
  readonly waiting: () => number;
  /** Milliseconds by which the search index is behind, and whether it has all older events. */
  readonly indexLagMs: () => number;
  readonly isIndexComplete: () => boolean;
  /** The sizes of the files of the log, by name. */
  readonly files: () => Promise<readonly LabelledValue[]>;
  /** `undefined` if the program may not ask the system. */
  readonly disk: () => Promise<DiskSpace | undefined>;
}

export function processMetrics(sources: ProcessSources): Metric[] {
  const { version, delays, startedAt, waiting, indexLagMs, isIndexComplete, files, disk } = sources;
  return [
    {
      name: "partyline_index_lag_seconds",
      help: "Age of the oldest event that the search index does not have yet",
      type: "gauge",
      read: () => indexLagMs() / 1000,
    },
    {
      name: "partyline_index_complete",
      help: "0 while the search index is being built, else 1",
      type: "gauge",
      read: () => Number(isIndexComplete()),
    },
    {
      name: "partyline_file_bytes",
      help: "Sizes of the log, its write-ahead file and the search index",
      type: "gauge",
      read: files,
    },
    {
      name: "partyline_disk_free_bytes",
      help: "Free space on the disk of the data directory",
      type: "gauge",
      read: async () => (await disk())?.freeBytes,
    },
    {
      name: "partyline_disk_size_bytes",
      help: "Size of the disk of the data directory",
      type: "gauge",
      read: async () => (await disk())?.sizeBytes,
    },
    {
      name: "partyline_work_waiting",
      help: "Requests, commands and chunks of input that wait for their turn",
      type: "gauge",
      read: waiting,
    },
    {
      name: "partyline_event_loop_delay_seconds",
      help: "How much later than asked a timer ran, ten times a second",
      type: "histogram",
      read: () => delays,
    },
    {
      name: "partyline_heap_used_bytes",
      help: "JavaScript objects in memory",
      type: "gauge",
      read: () => Deno.memoryUsage().heapUsed,
    },
    {
      name: "partyline_build_info",
      help: "1, with the versions of the server and of Deno",
      type: "gauge",
      read: () => [[{ version, deno: Deno.version.deno }, 1]],
    },
    {
      name: "process_resident_memory_bytes",
      help: "Memory that the process takes",
      type: "gauge",
      read: () => Deno.memoryUsage().rss,
    },
    {
      name: "process_cpu_seconds_total",
      help: "Processor time that the process has used",
      type: "counter",
      read: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
    {
      name: "process_start_time_seconds",
      help: "When the process started, seconds since 1970",
      type: "gauge",
      read: () => startedAt,
    },
  ];
}
