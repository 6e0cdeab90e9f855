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

/** A log line of `level`. */
function line(seconds: number, from: string, level?: string): EventJson {
  return { ...event(seconds, from, "log"), ...(level ? { fields: { level } } : {}) };
}

/** Log lines from two sources by turns. */
function twoSources(count: number): EventJson[] {
  return Array.from({ length: count }, (_, at) => line(at + 1, at % 2 === 0 ? "web" : "db"));
}

/** The folds among the rows. */
function foldsOf(rows: readonly Row[]) {
  return rows.flatMap((row) => row.kind === "fold" ? [row] : []);
}

Deno.test("buildRows() folds long runs of log lines between messages, each source by itself, except the last lines", () => {
  reset();
  const events = [event(0, "ann"), ...twoSources(25), event(30, "bob")];
  const rows = rowsOf(events);
  assertEquals(kinds(rows), "day ann: fold fold web: db: web: bob:");
  assertEquals(
    foldsOf(rows).map((
      { source, count, firstSeq, throughSeq },
    ) => [source, count, firstSeq, throughSeq]),
    [["web", 11, 2, 22], ["db", 11, 3, 23]],
  );
  const open = rowsOf(events, { unfolded: new Set([7]) });
  assertEquals(
    kinds(open),
    "day ann: fold fold db: … … … … … … … … … … web: db: web: bob:",
  );
  assertEquals(foldsOf(open).map(({ isOpen, openedBy }) => [isOpen, openedBy]), [
    [false, []],
    [true, [7]],
  ]);
});

Deno.test("buildRows() never folds warnings and errors, and counts the other lines by level", () => {
  reset();
  const levels = [
    "info",
    "err",
    "info",
    "debug",
    "crit",
    "info",
    "WARN",
    "notice",
    "emerg",
    "alert",
  ];
  const events = [
    event(0, "ann"),
    ...[...levels, ...levels].map((level, at) => line(at + 1, "web", level)),
    ...[..."abc"].map((_, at) => line(30 + at, "web")),
    event(40, "bob"),
  ];
  const rows = rowsOf(events);
  const shown = rows.flatMap((row) => row.kind === "message" ? [row.event.fields?.level] : []);
  const grave = ["err", "crit", "WARN", "emerg", "alert"];
  assertEquals(shown.filter(Boolean), [...grave, ...grave]);
  assertEquals(foldsOf(rows).map(({ count, levels }) => [count, levels]), [
    [10, { notice: 2, info: 6, debug: 2 }],
  ]);
});

Deno.test("buildRows() does not fold a log in which nobody talks, nor its end, nor a run that may be a whole log", () => {
  reset();
  const lines = Array.from({ length: 500 }, (_, at) => line(at, "web"));
  const ann = event(600, "ann");
  const rest = Array.from({ length: 50 }, (_, at) => line(700 + at, "web"));
  const folds = (events: readonly EventJson[], options: Partial<RowsOptions> = {}) =>
    foldsOf(rowsOf(events, options)).map(({ count }) => count);
  assertEquals(folds(lines, { isAtStart: true }), []);
  assertEquals(folds(lines), []);
  // Its beginning may come with the next page.
  assertEquals(folds(lines.slice(300)), [197]);
  assertEquals(folds([...lines, ann]), []);
  assertEquals(folds([...lines.slice(300), ann]), [197]);
  assertEquals(folds([ann, ...rest]), [47]);
  assertEquals(folds([ann, ...rest], { keepFrom: rest[30].seq }), [30]);
  assertEquals(folds([ann, ...rest], { isAtEnd: false }), []);
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
  const events = Array.from({ length: 30 }, (_, at) => event(at, "web-1", "log"));
  assertEquals(
    kinds(rowsOf(events, { readTo: 12 })),
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

/** Lines of one source that are not loaded. */
function hole(first: number, last: number, lines: number, source = "web") {
  const at = new Date(START).toISOString();
  return { first, last, lines, levels: { info: lines }, source, isOfSeveral: false, at };
}

Deno.test("buildRows() folds loaded lines together with the holes of their source", () => {
  reset();
  const ann = event(0, "ann");
  const lines = Array.from({ length: 10 }, (_, at) => line(at, "web", "debug"));
  nextSeq = 500;
  const events = [
    ann,
    ...lines,
    line(200, "db"),
    line(201, "db"),
    line(202, "db"),
    event(203, "bob"),
  ];
  const holes = [hole(12, 490, 400), hole(13, 499, 20, "db")];
  const rows = rowsOf(events, { holes });
  assertEquals(kinds(rows), "day ann: fold hole db: … … bob:");
  const [fold] = foldsOf(rows);
  assertEquals([fold.count, fold.levels], [410, { info: 400, debug: 10 }]);
  assertEquals([fold.firstSeq, fold.throughSeq, fold.hole], [2, 490, holes[0]]);
  // The number of a line in the hole opens it too.
  assertEquals(
    kinds(rowsOf(events, { holes, unfolded: new Set([77]) })),
    "day ann: fold web: … … … … … … … … … hole hole db: … … bob:",
  );
});

Deno.test("buildRows() gives holes of several sources unique keys", () => {
  reset();
  const holes = [hole(1, 99, 50), hole(1, 100, 50, "db")];
  const rows = rowsOf([], { holes });
  assertEquals(kinds(rows), "day hole hole");
  assertEquals(new Set(rows.map(({ key }) => key)).size, 3);
});

Deno.test("buildRows() shows the holes of a log in which nobody talks where their lines are missing", () => {
  reset();
  const lines = Array.from({ length: 3 }, (_, at) => line(at, "web"));
  nextSeq = 200;
  const later = line(3, "web");
  const rows = rowsOf([...lines, later], { holes: [hole(4, 199, 196)], isAtStart: true });
  assertEquals(kinds(rows), "start day web: … … hole web:");
  assertEquals(kinds(rowsOf([], { holes: [hole(4, 199, 196)] })), "day hole");
});
