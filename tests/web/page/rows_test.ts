import { assert, assertEquals } from "@std/assert";
import type { Row } from "../../../lib/web/page/row.ts";
import { buildRows, type RowsOptions } from "../../../lib/web/page/rows.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";

const START = new Date(2026, 10, 21, 6, 30).getTime();

let nextSeq = 1;
/** The next event, `seconds` after the start. */
function event(seconds: number, from: string, kind: EventJson["kind"] = "message"): EventJson {
  const seq = nextSeq++;
  const at = new Date(START + seconds * 1000).toISOString();
  return { id: seq, room: "lobby", seq, at, kind, from, body: `body ${seq}` };
}

function rowsOf(events: readonly EventJson[], options: Partial<RowsOptions> = {}): Row[] {
  return buildRows({
    events,
    name: "me",
    unfolded: new Set(),
    isAtStart: false,
    notes: [],
    unsent: [],
    ...options,
  });
}

function reset(): void {
  nextSeq = 1;
}

/** The rows, a word or two for each. */
function kinds(rows: readonly Row[]): string {
  return rows.map((row) =>
    row.kind === "message" ? (row.isFirst ? `${row.event.from}:` : "…") : row.kind
  ).join(" ");
}

Deno.test("buildRows() starts with the start of the room, and separates days", () => {
  reset();
  const rows = rowsOf([event(0, "ann"), event(24 * 3600, "ann")], { isAtStart: true });
  assertEquals(kinds(rows), "start day ann: day ann:");
});

Deno.test("buildRows() shows the sender again after another one, a pause or a new day", () => {
  reset();
  const rows = rowsOf([
    event(0, "ann"),
    event(10, "Ann"),
    event(20, "bob"),
    event(30, "ann"),
    event(30 + 5 * 60, "ann"),
    event(400, "ann", "action"),
    event(401, "ann", "action"),
  ]);
  assertEquals(kinds(rows), "day ann: … bob: ann: ann: ann: ann:");
});

Deno.test("buildRows() folds long runs of log lines from any source, except the last lines", () => {
  reset();
  const events = [
    event(0, "ann"),
    ...Array.from({ length: 10 }, (_, at) => event(at + 1, at < 5 ? "web-1" : "web-2", "log")),
    event(20, "bob"),
  ];
  const rows = rowsOf(events);
  assertEquals(kinds(rows), "day ann: fold web-2: … … bob:");
  const fold = rows[2];
  assert(fold.kind === "fold");
  assertEquals([fold.count, fold.hidden, fold.firstSeq, fold.throughSeq], [10, 7, 2, 8]);
  assertEquals(fold.sources, ["web-1", "web-2"]);
  const open = rowsOf(events, { unfolded: new Set([5]) });
  assertEquals(kinds(open), "day ann: fold web-1: … … … … web-2: … … … … bob:");
  assert(open[2].kind === "fold" && open[2].isOpen && open[2].throughSeq === 11);
});

Deno.test("buildRows() does not fold short runs of log lines", () => {
  reset();
  const rows = rowsOf(Array.from({ length: 7 }, (_, at) => event(at, "web-1", "log")));
  assertEquals(kinds(rows), "day web-1: … … … … … …");
});

Deno.test("buildRows() groups joins and parts", () => {
  reset();
  const rows = rowsOf([
    event(0, "ann", "join"),
    event(1, "bob", "join"),
    event(2, "ann", "part"),
    event(3, "bob"),
  ]);
  assertEquals(kinds(rows), "day presence bob:");
  assert(rows[1].kind === "presence" && rows[1].events.length === 3);
});

Deno.test("buildRows() marks the first unread event, even within a run of log lines", () => {
  reset();
  const events = Array.from({ length: 20 }, (_, at) => event(at, "web-1", "log"));
  assertEquals(
    kinds(rowsOf(events, { readTo: 9 })),
    "day fold web-1: … … newMarker fold web-1: … …",
  );
  assertEquals(kinds(rowsOf(events.slice(0, 2), { readTo: 20 })), "day web-1: …");
});

Deno.test("buildRows() puts notes where they were added, and unsent lines at the end", () => {
  reset();
  const events = [event(0, "ann"), event(1, "ann"), event(2, "ann")];
  const line = {
    ref: "s1",
    room: "lobby",
    body: "x",
    kind: "message",
    state: "waiting",
    isEchoed: false,
  } as const;
  const rows = rowsOf(events, {
    notes: [
      { id: 1, after: 1, isError: false, lines: ["note"] },
      { id: 2, after: 9, isError: true, lines: ["note"] },
    ],
    unsent: [{ ...line }],
  });
  assertEquals(kinds(rows), "day ann: note ann: … note unsent");
});

Deno.test("buildRows() gives rows unique keys and ascending numbers", () => {
  reset();
  const events = Array.from(
    { length: 300 },
    (_, at) => event(at * 3000, at % 7 === 0 ? "ann" : "web-1", at % 7 === 0 ? "message" : "log"),
  );
  const rows = rowsOf(events, { isAtStart: true, readTo: 100 });
  assertEquals(new Set(rows.map(({ key }) => key)).size, rows.length);
  for (let at = 1; at < rows.length; at++) assert(rows[at].firstSeq >= rows[at - 1].firstSeq);
});

Deno.test("buildRows() keeps the keys of rows when older ones are loaded", () => {
  reset();
  const events = Array.from({ length: 50 }, (_, at) => event(at, at % 5 === 0 ? "bob" : "ann"));
  const later = new Set(
    rowsOf(events.slice(20)).map(({ key }) => key).filter((key) => key[0] === "m"),
  );
  const all = new Set(rowsOf(events).map(({ key }) => key));
  assertEquals(later.difference(all).size, 0);
});

Deno.test("buildRows() folds loaded lines together with holes", () => {
  reset();
  const events = [event(0, "ann"), event(1, "web-1", "log"), event(200, "web-1", "log")];
  const hole = {
    first: 2.5,
    last: 2.9,
    lines: 98,
    sources: ["web-2"],
    at: events[1].at,
  };
  const rows = rowsOf(events, { holes: [hole] });
  assertEquals(kinds(rows), "day ann: fold web-1:");
  const fold = rows[2];
  assert(fold.kind === "fold");
  assertEquals([fold.count, fold.hidden, fold.sources], [100, 99, ["web-1", "web-2"]]);
  assertEquals(
    kinds(rowsOf(events, { holes: [hole], unfolded: new Set([2]) })),
    "day ann: fold web-1: hole web-1:",
  );
  // A fold that ends with a hole shows no lines.
  assertEquals(kinds(rowsOf(events.slice(0, 2), { holes: [hole] })), "day ann: fold");
  assertEquals(kinds(rowsOf([], { holes: [hole] })), "day fold");
});
