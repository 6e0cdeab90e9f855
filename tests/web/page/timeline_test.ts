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

/** History as the server answers it: all of `first` to `last`. */
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

Deno.test("Timeline.reset() begins with the latest events, and receive() goes on from there", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(8, 10), 10);
  assertEquals([timeline.after, timeline.before], [7, 11]);
  assertEquals([timeline.isAtStart, timeline.isAtEnd], [false, true]);
  timeline.receive(events(11, 12));
  assertEquals(seqs(timeline), "8 9 10 11 12");
  assertEquals(timeline.live, 12);
});

Deno.test("Timeline.receive() takes nothing twice, and tells what was new", () => {
  const timeline = new Timeline(0);
  timeline.receive(events(1, 3));
  assertEquals(timeline.receive(events(2, 5)).map(({ seq }) => seq), [4, 5]);
  assertEquals(timeline.receive(events(1, 5)), []);
  assertEquals(seqs(timeline), "1 2 3 4 5");
});

Deno.test("Timeline.receive() does not mind numbers that are left out", () => {
  const timeline = new Timeline(0);
  timeline.receive([event(1), event(4)]);
  timeline.receive([event(9)]);
  assertEquals(seqs(timeline), "1 4 9");
  assertEquals(timeline.isAtEnd, true);
});

Deno.test("Timeline.merge() joins pages on at either end, overlapping or not", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(50, 60), 60);
  timeline.merge(page(40, 49, 60));
  timeline.merge(page(30, 45, 60));
  assertEquals(seqs(timeline), events(30, 60).map(({ seq }) => seq).join(" "));
  timeline.merge(page(1, 29, 60));
  assertEquals(timeline.isAtStart, true);
});

Deno.test("Timeline.merge() of another place takes the place of what was at hand", () => {
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

Deno.test("Timeline with history that is ahead of the live stream takes nothing twice", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(1, 10), 10);
  timeline.merge(page(30, 40, 50));
  timeline.merge(page(41, 50, 50));
  assertEquals(timeline.isAtEnd, true);
  timeline.receive(events(11, 45));
  timeline.receive(events(46, 52));
  assertEquals(seqs(timeline), events(30, 52).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline with limits never has anything beyond them", () => {
  const timeline = new Timeline(60, { after: 40, before: 61 });
  timeline.merge(page(35, 60, 100));
  assertEquals(seqs(timeline), events(41, 60).map(({ seq }) => seq).join(" "));
  assertEquals([timeline.isAtStart, timeline.isAtEnd, timeline.lastSeq], [true, true, 60]);
});

Deno.test("Timeline.trim() keeps what is around a number, and where it ends", () => {
  const timeline = new Timeline(0);
  timeline.reset(events(1, 100), 100);
  timeline.trim(50, 10);
  assertEquals(seqs(timeline), events(45, 54).map(({ seq }) => seq).join(" "));
  assertEquals([timeline.after, timeline.before], [44, 55]);
  timeline.merge(page(55, 60, 100));
  timeline.merge(page(40, 44, 100));
  assertEquals(seqs(timeline), events(40, 60).map(({ seq }) => seq).join(" "));
});

Deno.test("Timeline has what the room has, between its ends, whatever happens to it (fuzz)", () => {
  const random = new SeededRandom(77);
  for (let run = 0; run < 300; run++) {
    let last = random.int(60);
    // What was sent live may be behind what history has.
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
