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

/** A live event that stands for several log lines. */
function fold(first: number, last: number, lines = last - first + 1): EventJson {
  return {
    ...event(last),
    kind: "log",
    from: "make",
    body: `... ${lines} lines, #${first}-#${last}`,
    fields: { folded: lines, first, last },
  };
}

Deno.test("Timeline.receive() records the holes of a flood, and fill() fills them", () => {
  const timeline = new Timeline(0);
  timeline.receive([event(1), event(2), fold(3, 500)]);
  timeline.receive([event(501)]);
  assertEquals(seqs(timeline), "1 2 501");
  assertEquals(timeline.holes.map(({ first, last, lines }) => [first, last, lines]), [[
    3,
    500,
    498,
  ]]);
  assertEquals(timeline.isAtEnd, true);
  timeline.fill(page(3, 102, 501));
  assertEquals(timeline.holes.map(({ first, last, lines }) => [first, last, lines]), [
    [103, 500, 398],
  ]);
  timeline.fill(page(200, 299, 501));
  assertEquals(timeline.holes.map(({ first, last, lines }) => [first, last, lines]), [
    [103, 199, 97],
    [300, 500, 201],
  ]);
  timeline.fill(page(90, 210, 501));
  timeline.fill(page(300, 501, 501));
  assertEquals(timeline.holes, []);
  assertEquals(seqs(timeline), events(1, 501).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline.receive() joins overlapping floods of several sources into one hole", () => {
  const timeline = new Timeline(0);
  // 60 lines from two sources, and one line from a third in between.
  timeline.receive([event(30), fold(1, 60, 30), { ...fold(2, 61, 30), from: "web" }]);
  const [hole] = timeline.holes;
  assertEquals([hole.first, hole.last, hole.lines, hole.sources], [1, 61, 60, ["make", "web"]]);
  timeline.fill(page(1, 40, 61));
  assertEquals(timeline.holes[0].lines, 21);
  assertEquals(seqs(timeline), events(1, 40).map(({ seq }) => seq).join(" "));
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
