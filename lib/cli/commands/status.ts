/**
 * `partyline status`: how the running server is, asked over the socket in its data directory.
 *
 * @module
 */

import { systemClock } from "../../clock.ts";
import { sizeText } from "../../domain/text/size_text.ts";
import { countText, groupDigits } from "../../domain/wording.ts";
import type { ClusterView } from "../../metrics/cluster_metrics.ts";
import type { CommandBody } from "../command.ts";
import { askServer } from "../control/ask_server.ts";
import { STATUS_REQUEST } from "../control/requests/status.ts";
import type { StatusReport } from "../control/requests/status_report.ts";
import { refuseSurplus } from "../options/flags.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading/reading.ts";

const OWN_OPTIONS = [
  { name: "json", kind: "flag", doc: "print everything as one JSON object" },
] as const satisfies readonly OptionSpec[];

/** Shows how the server is. */
export default {
  usage: "status [OPTIONS]",
  details: [
    "People, rooms, connections, events and bytes a second, slow readers, the search",
    "index, and what was lost and why. It must run as the user of the server.",
  ],
  options: [...OWN_OPTIONS, ...READING_OPTIONS],

  async run(args, environment) {
    refuseSurplus(args, 0, "status takes options only");
    const { json, data } = await readingOptions(OWN_OPTIONS, args, environment);
    dataPaths(data.value);
    const clock = environment.clock ?? systemClock;
    const report = await askServer(STATUS_REQUEST, {}, { data: data.value, clock });
    if (json.value) environment.stdout(JSON.stringify(report));
    else {
      for (const line of statusLines(report as unknown as StatusReport, clock.now())) {
        environment.stdout(line);
      }
    }
    return 0;
  },
} satisfies CommandBody;

/** The report as people read it. */
export function statusLines(report: StatusReport, now: number): string[] {
  const { version, pid, startedAt, people, rooms, connections, rates, readers } = report;
  const { index, log, lost, cluster } = report;
  const total = connections.reduce((sum, { open }) => sum + open, 0);
  const doors = connections.map(({ service, door, open }) =>
    service === door ? `${service} ${open}` : `${service} ${door} ${open}`
  );
  const { behind, catchUps, queuedBytes, slowest } = readers;
  const since = behind === 0 ? "none" : countText(behind, "reader");
  const sections: [string, string][] = [
    ["server", `partyline ${version}, process ${pid}, up ${duration(now - Date.parse(startedAt))}`],
    ["people", `${people} in ${countText(rooms, "room")}`],
    ["connections", [String(total), ...doors].join(", ").replace(", ", ": ")],
    ["events", `${rates.events} a second stored, ${rates.delivered} delivered`],
    ["traffic", `${sizeText(rates.bytesIn)} a second in, ${sizeText(rates.bytesOut)} out`],
    ["slow readers", `${since} now, ${catchUps} since the start; ${sizeText(queuedBytes)} queued`],
    ...slowest.map(({ nickname, remote, transport, queuedBytes }): [string, string] => [
      "",
      `${nickname || "(no name)"} by ${transport} from ${remote}: ${sizeText(queuedBytes)}`,
    ]),
    ["search index", indexState(index)],
    ["log", logState(log)],
    ["lost", lost.length === 0 ? "nothing" : lost.map(lossText).join("; ")],
    ...(cluster === undefined ? [] : [["cluster", clusterState(cluster)] as [string, string]]),
  ];
  const width = Math.max(...sections.map(([name]) => name.length));
  return sections.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}

function indexState({ lagMs, isComplete }: StatusReport["index"]): string {
  if (!isComplete) return "being built; searches are slower until it is complete";
  return lagMs === 0 ? "up to date" : `${Math.max(0.1, lagMs / 1000).toFixed(1)} s behind`;
}

function clusterState({ isReached, position, alive }: ClusterView): string {
  const state = isReached ? "connected" : "CUT OFF: nobody can talk here until it is reached again";
  return `${state}; ${countText(alive, "node")} alive, entry ${position} of the stream applied`;
}

function logState({ isWritable, events, refused, expired }: StatusReport["log"]): string {
  const state = isWritable ? "writable" : "NOT WRITABLE: see the server's diagnostics";
  const counts = [
    `${countText(events, "event")} since the start`,
    ...(refused > 0 ? [`${groupDigits(refused)} refused`] : []),
    ...(expired > 0 ? [`${groupDigits(expired)} removed by limits of rooms`] : []),
  ];
  return `${state}; ${counts.join(", ")}`;
}

function lossText({ reason, lines, bytes, datagrams }: StatusReport["lost"][number]): string {
  const counts = [
    ...(lines > 0 ? [countText(lines, "line")] : []),
    ...(bytes > 0 ? [sizeText(bytes)] : []),
    ...(datagrams > 0 ? [countText(datagrams, "datagram")] : []),
  ];
  return `${reason}: ${counts.join(", ")}`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return countText(Math.max(0, Math.floor(ms / 1000)), "second");
  if (minutes < 60) return countText(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? countText(hours, "hour") : countText(Math.floor(hours / 24), "day");
}
