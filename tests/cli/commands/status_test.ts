import { assertEquals } from "@std/assert";
import { statusLines } from "../../../lib/cli/commands/status.ts";
import type { StatusReport } from "../../../lib/cli/control/requests/status_report.ts";

const STARTED_AT = "2026-11-21T06:30:00.000Z";
const QUIET: StatusReport = {
  version: "0.1.0",
  pid: 7,
  startedAt: STARTED_AT,
  people: 0,
  rooms: 0,
  connections: [],
  rates: { events: 0, delivered: 0, bytesIn: 0, bytesOut: 0 },
  readers: { behind: 0, catchUps: 0, queuedBytes: 0, slowest: [] },
  index: { lagMs: 0, isComplete: true },
  log: { isWritable: true, events: 0, refused: 0, expired: 0 },
  lost: [],
};

function lines(report: Partial<StatusReport>, ms = 0): string[] {
  return statusLines({ ...QUIET, ...report }, Date.parse(STARTED_AT) + ms);
}

Deno.test("status of a quiet server fits in nine lines", () => {
  assertEquals(lines({}), [
    "server        partyline 0.1.0, process 7, up 0 seconds",
    "people        0 in 0 rooms",
    "connections   0",
    "events        0 a second stored, 0 delivered",
    "traffic       0 bytes a second in, 0 bytes out",
    "slow readers  none now, 0 since the start; 0 bytes queued",
    "search index  up to date",
    "log           writable; 0 events since the start",
    "lost          nothing",
  ]);
});

Deno.test("status names connections, slow readers, losses and what an index lacks", () => {
  const slowest = [
    { nickname: "ann", remote: "192.0.2.7:51234", transport: "telnet", queuedBytes: 250_000 },
    { nickname: "", remote: "192.0.2.8:5", transport: "web", queuedBytes: 17_000 },
  ];
  const told = lines({
    people: 12,
    rooms: 1,
    connections: [
      { service: "chat", door: "telnet", open: 1200 },
      { service: "web", door: "web", open: 3 },
    ],
    rates: { events: 3.5, delivered: 120, bytesIn: 999.6, bytesOut: 12_345_678 },
    readers: { behind: 1, catchUps: 4, queuedBytes: 267_000, slowest },
    index: { lagMs: 1500, isComplete: true },
    log: { isWritable: false, events: 1_234_567, refused: 1000, expired: 20 },
    lost: [
      { reason: "cut", lines: 3, bytes: 700, datagrams: 0 },
      { reason: "dropped", lines: 0, bytes: 0, datagrams: 9 },
    ],
    cluster: { isReached: true, position: 4711, alive: 3 },
  }, 49 * 3_600_000);
  assertEquals(told, [
    "server        partyline 0.1.0, process 7, up 2 days",
    "people        12 in 1 room",
    "connections   1203: chat telnet 1200, web 3",
    "events        3.5 a second stored, 120 delivered",
    "traffic       1.0 kB a second in, 12 MB out",
    "slow readers  1 reader now, 4 since the start; 267 kB queued",
    "              ann by telnet from 192.0.2.7:51234: 250 kB",
    "              (no name) by web from 192.0.2.8:5: 17 kB",
    "search index  1.5 s behind",
    "log           NOT WRITABLE: see the server's diagnostics; 1,234,567 events since the start, " +
    "1,000 refused, 20 removed by limits of rooms",
    "lost          cut: 3 lines, 700 bytes; dropped: 9 datagrams",
    "cluster       connected; 3 nodes alive, entry 4711 of the stream applied",
  ]);
  assertEquals(lines({ index: { lagMs: 7, isComplete: true } })[6], "search index  0.1 s behind");
  assertEquals(
    lines({ cluster: { isReached: false, position: 1, alive: 1 } }).at(-1),
    "cluster       CUT OFF: nobody can talk here until it is reached again; 1 node alive, entry 1 " +
      "of the stream applied",
  );
  assertEquals(
    lines({ index: { lagMs: 0, isComplete: false } })[6],
    "search index  being built; searches are slower until it is complete",
  );
});

Deno.test("status is shown in the documentation as it is printed", async () => {
  const slowest = [
    { nickname: "ann", remote: "192.0.2.7:51234", transport: "telnet", queuedBytes: 250_000 },
  ];
  const told = lines({
    pid: 4711,
    people: 12,
    rooms: 4,
    connections: [
      { service: "chat", door: "ssh", open: 3 },
      { service: "chat", door: "telnet", open: 11 },
      { service: "web", door: "web", open: 17 },
    ],
    rates: { events: 3.2, delivered: 120.5, bytesIn: 1200, bytesOut: 31_000 },
    readers: { behind: 1, catchUps: 3, queuedBytes: 250_000, slowest },
    log: { isWritable: true, events: 104_223, refused: 0, expired: 0 },
    lost: [{ reason: "cut", lines: 3, bytes: 700, datagrams: 0 }],
  }, 80 * 3_600_000);
  const page = await Deno.readTextFile(new URL("../../../docs/operations.md", import.meta.url));
  const [, shown] = /```\n\$ partyline status .*\n([^`]+)```/.exec(page)!;
  assertEquals(told, shown.trimEnd().split("\n"));
});
