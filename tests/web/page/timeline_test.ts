import { assertEquals } from "@std/assert";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";
import { SeededRandom } from "../../support/random.ts";

function event(seq: number): EventJson {
  const at = new Date(Date.UTC(2026, 10, 21) + seq * 1000).toISOString();
  return { id: seq, room: "lobby", seq, at, kind: "message", from: "ann", body: `line ${seq}` };
}

function events(first: number, last: number): EventJson[] {
  return Array.from({ length: last - first + 1 }, (_, at) => event(first + at));
}

/** A page of history with the events `first` to `last`. */
function page(first: number, last: number, lastSeq: number) {
  return {
    type: "history" as const,
    room: "lobby",
    after: first - 1,
    before: last + 1,
    lastSeq,
    events: events(first, last),
  };
}

function seqs({ events }: Timeline): string {
  return events.map(({ seq }) => seq).join(" ");
}

Deno.test("Timeline.reset() starts with the latest events, and receive() continues from there", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(8, 10), 10);
  assertEquals([timeline.after, timeline.before], [7, 11]);
  assertEquals([timeline.isAtStart, timeline.isAtEnd], [false, true]);
  timeline.receive(events(11, 12));
  assertEquals(seqs(timeline), "8 9 10 11 12");
  assertEquals(timeline.live, 12);
});

Deno.test("Timeline.receive() ignores known events, and returns the new ones", () => {
  const timeline = new Timeline(0);
  timeline.receive(events(1, 3));
  assertEquals(timeline.receive(events(2, 5)).map(({ seq }) => seq), [4, 5]);
  assertEquals(timeline.receive(events(1, 5)), []);
  assertEquals(seqs(timeline), "1 2 3 4 5");
});

Deno.test("Timeline.receive() accepts gaps in the numbers", () => {
  const timeline = new Timeline(0);
  timeline.receive([event(1), event(4)]);
  timeline.receive([event(9)]);
  assertEquals(seqs(timeline), "1 4 9");
  assertEquals(timeline.isAtEnd, true);
});

Deno.test("Timeline.merge() adds pages at either end, overlapping or not", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(50, 60), 60);
  timeline.merge(page(40, 49, 60));
  timeline.merge(page(30, 45, 60));
  assertEquals(seqs(timeline), events(30, 60).map(({ seq }) => seq).join(" "));
  timeline.merge(page(1, 29, 60));
  assertEquals(timeline.isAtStart, true);
});

Deno.test("Timeline.merge() of a distant page replaces the loaded events", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(90, 100), 100);
  timeline.merge(page(10, 20, 100));
  assertEquals(seqs(timeline), events(10, 20).map(({ seq }) => seq).join(" "));
  assertEquals([timeline.isAtEnd, timeline.lastSeq], [false, 100]);
  timeline.receive([event(101)]);
  assertEquals(timeline.events.at(-1)!.seq, 20);
  assertEquals(timeline.lastSeq, 101);
  timeline.merge(page(21, 101, 101));
  assertEquals(timeline.isAtEnd, true);
  timeline.receive([event(102)]);
  assertEquals(timeline.events.at(-1)!.seq, 102);
});

Deno.test("Timeline adds no event twice when history is ahead of the live stream", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(1, 10), 10);
  timeline.merge(page(30, 40, 50));
  timeline.merge(page(41, 50, 50));
  assertEquals(timeline.isAtEnd, true);
  timeline.receive(events(11, 45));
  timeline.receive(events(46, 52));
  assertEquals(seqs(timeline), events(30, 52).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline never grows beyond its limits", () => {
  const timeline = new Timeline(60, { after: 40, before: 61 });
  timeline.merge(page(35, 60, 100));
  assertEquals(seqs(timeline), events(41, 60).map(({ seq }) => seq).join(" "));
  assertEquals([timeline.isAtStart, timeline.isAtEnd, timeline.lastSeq], [true, true, 60]);
});

Deno.test("Timeline.trim() keeps the events around a number, and updates its ends", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(1, 100), 100);
  timeline.trim(50, 10);
  assertEquals(seqs(timeline), events(45, 54).map(({ seq }) => seq).join(" "));
  assertEquals([timeline.after, timeline.before], [44, 55]);
  timeline.merge(page(55, 60, 100));
  timeline.merge(page(40, 44, 100));
  assertEquals(seqs(timeline), events(40, 60).map(({ seq }) => seq).join(" "));
});

function lineOf(seq: number, from = "make", level = "info"): EventJson {
  return { ...event(seq), kind: "log", from, fields: { level } };
}

/** A page of history with log lines of `sources` by turns. */
function logPage(first: number, last: number, sources = ["make"]) {
  const events = Array.from(
    { length: last - first + 1 },
    (_, at) => lineOf(first + at, sources[(first + at) % sources.length]),
  );
  return { ...page(first, last, 1000), events };
}

/** A live event that stands for several log lines. */
function fold(first: number, last: number, lines = last - first + 1, from = "make"): EventJson {
  return {
    ...event(last),
    kind: "log",
    from,
    body: `... ${lines} lines, #${first}-#${last}`,
    fields: { folded: lines, first, last, levels: { info: lines } },
  };
}

/** `1-60 30 make`: first and last number, missing lines, source. */
function holesOf({ holes }: Timeline): string[] {
  return holes.map(({ first, last, lines, source }) => `${first}-${last} ${lines} ${source}`);
}

Deno.test("Timeline.receive() records the holes of a flood, and fill() fills them", () => {
  const timeline = new Timeline(0);
  timeline.receive([event(1), event(2), fold(3, 500)]);
  timeline.receive([event(501)]);
  assertEquals(seqs(timeline), "1 2 501");
  assertEquals(holesOf(timeline), ["3-500 498 make"]);
  assertEquals(timeline.isAtEnd, true);
  timeline.fill(logPage(3, 102));
  assertEquals(holesOf(timeline), ["103-500 398 make"]);
  assertEquals(timeline.holes[0].levels, { info: 398 });
  timeline.fill(logPage(200, 299));
  assertEquals(holesOf(timeline), ["103-199 97 make", "300-500 201 make"]);
  timeline.fill(logPage(90, 210));
  timeline.fill(logPage(300, 501));
  assertEquals(holesOf(timeline), []);
  assertEquals(seqs(timeline), events(1, 501).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline.receive() keeps the holes of several sources apart, with the lines told among them", () => {
  const timeline = new Timeline(0);
  // 60 lines from two sources by turns, of which #21 is an error.
  timeline.receive([lineOf(21, "web", "err"), fold(2, 60, 30), fold(1, 59, 29, "web"), lineOf(61)]);
  assertEquals([seqs(timeline), holesOf(timeline)], ["21 61", ["1-59 29 web", "2-60 30 make"]]);
  assertEquals([timeline.holeAt(20)?.source, timeline.holeAt(21)], ["web", undefined]);
  timeline.fill(logPage(1, 40, ["make", "web"]));
  assertEquals(holesOf(timeline), ["41-59 10 web", "41-60 10 make"]);
  assertEquals(timeline.holes.map(({ levels }) => levels), [{ info: 10 }, { info: 10 }]);
  timeline.fill(logPage(41, 61, ["make", "web"]));
  assertEquals(holesOf(timeline), []);
  assertEquals(seqs(timeline), events(1, 61).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline.fill() fills a hole of more sources than are told apart", () => {
  const timeline = new Timeline(0);
  const { fields, ...rest } = fold(1, 300, 300);
  timeline.receive([{ ...rest, from: "100 sources", fields: { ...fields, sources: 100 } }]);
  timeline.fill(logPage(1, 100, ["a", "b", "c"]));
  assertEquals(holesOf(timeline), ["101-300 200 100 sources"]);
  // One of the sources has a hole of its own as well.
  timeline.receive([
    fold(303, 399, 49, "a"),
    {
      ...rest,
      seq: 400,
      from: "9 sources",
      fields: { ...fields, folded: 50, first: 301, last: 400, sources: 9 },
    },
  ]);
  timeline.fill(logPage(301, 350, ["b", "a"]));
  assertEquals(holesOf(timeline).slice(1), ["351-400 24 9 sources", "351-399 25 a"]);
});

Deno.test("Timeline.reset() records the holes among the latest events, and starts behind one that is cut", () => {
  const timeline = new Timeline(0);
  timeline.reset([lineOf(5), fold(6, 80, 75), lineOf(81)], 81);
  assertEquals([seqs(timeline), holesOf(timeline), timeline.after], ["5 81", ["6-80 75 make"], 4]);
  // Lines before #50 may be missing that are not in the hole.
  timeline.reset([lineOf(50, "make", "err"), fold(6, 80, 74), lineOf(81), lineOf(82)], 82);
  assertEquals([seqs(timeline), holesOf(timeline), timeline.after], ["81 82", [], 80]);
  timeline.reset([fold(6, 80, 75)], 80);
  assertEquals([seqs(timeline), timeline.after, timeline.before], ["", 80, 81]);
});

Deno.test("Timeline.trim() does not cut through a hole", () => {
  const timeline = new Timeline(0);
  timeline.reset([...events(1, 20), fold(21, 80, 50), ...events(81, 100)], 100);
  timeline.receive([lineOf(150, "make", "err"), fold(101, 200, 99), ...events(201, 220)]);
  timeline.trim(Infinity, 20);
  assertEquals([timeline.after, timeline.events[0].seq, timeline.holes], [200, 201, []]);
  timeline.reset([...events(1, 20), lineOf(50), fold(21, 80, 59), ...events(81, 100)], 100);
  timeline.trim(1, 20);
  assertEquals([timeline.before, timeline.events.at(-1)!.seq, timeline.holes], [21, 20, []]);
});

Deno.test("Timeline.receive() treats a log line that only looks like a hole as a line", () => {
  const fields = { folded: 5, first: 1, last: 9 };
  for (
    const line of [
      { ...event(9), kind: "log", body: '{"folded":5}', fields },
      { ...event(8), kind: "log", body: "... 5 lines", fields },
      { ...event(9), body: "... 5 lines", fields },
      { ...event(9), kind: "log", body: "... 5 lines", fields: { ...fields, folded: 50 } },
      { ...event(9), kind: "log", body: "... 5 lines", fields: { ...fields, first: 9 } },
    ] as const
  ) {
    const timeline = new Timeline(0);
    timeline.receive([line]);
    assertEquals([timeline.events.length, timeline.holes.length], [1, 0]);
  }
});

Deno.test("Timeline contains all of the room's events between its ends (fuzz)", () => {
  const random = new SeededRandom(77);
  for (let run = 0; run < 300; run++) {
    let last = random.int(60);
    // The live stream may lag behind the history.
    let sent = last;
    const timeline = new Timeline(0);
    timeline.reset(events(Math.max(1, last - 5), last), last);
    for (let step = 0; step < 60; step++) {
      switch (random.int(5)) {
        case 0:
          last += random.int(4);
          break;
        case 1: {
          const to = sent + random.int(last - sent + 1);
          timeline.receive(events(Math.max(1, sent - random.int(3)), to));
          sent = to;
          break;
        }
        case 2: {
          if (last === 0) break;
          const first = 1 + random.int(last);
          timeline.merge(page(first, Math.min(last, first + random.int(20)), last));
          break;
        }
        case 3:
          if (!timeline.isAtStart) {
            const { after } = timeline;
            timeline.merge(page(Math.max(1, after - random.int(9)), after, last));
          }
          break;
        case 4:
          timeline.trim(random.int(last + 1), 1 + random.int(30));
      }
      const { after, before } = timeline;
      assertEquals(seqs(timeline), events(after + 1, before - 1).map(({ seq }) => seq).join(" "));
    }
  }
});

/** Event `seq`, in which mia redacts number `of`. */
function redaction(seq: number, of: number): EventJson {
  return { ...event(seq), kind: "redaction", from: "mia", body: "rude", fields: { of: `${of}` } };
}

function redactedIn(timeline: Timeline): number[] {
  return timeline.events.filter(({ fields }) => fields?.redacted).map(({ seq }) => seq);
}

Deno.test("Timeline.receive() replaces the text of a redacted event in a new array", () => {
  const timeline = new Timeline(0);
  timeline.receive(events(1, 5));
  const before = timeline.events;
  timeline.receive([redaction(6, 3)]);
  const fields = { redacted: "mia", redactedAt: redaction(6, 3).at, why: "rude" };
  assertEquals(timeline.events[2], { ...event(3), body: "", fields });
  assertEquals([before[2], timeline.events[3] === before[3]], [event(3), true]);
  timeline.receive([event(7), redaction(8, 7), redaction(9, 99)]);
  assertEquals(redactedIn(timeline), [3, 7]);
});

Deno.test("Timeline.merge() adds no text that was redacted after the server read it", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(50, 60), 60);
  timeline.receive([redaction(61, 45)]);
  timeline.merge(page(40, 49, 61));
  assertEquals(redactedIn(timeline), [45]);
});

Deno.test("Timeline.merge() applies the redactions that the live stream has skipped", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(50, 60), 60);
  timeline.skipTo(70);
  const answer = page(61, 70, 70);
  timeline.merge({ ...answer, events: [...answer.events.slice(0, 9), redaction(70, 55)] });
  assertEquals(redactedIn(timeline), [55]);
});
