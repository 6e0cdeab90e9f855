import { assertEquals } from "@std/assert";
import { FilterFollower } from "../../../lib/web/page/filter_follower.ts";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import type { EventJson, HistoryAnswer } from "../../../lib/web/protocol.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function lineOf(seq: number): EventJson {
  const at = "2026-11-21T06:30:00.000Z";
  return { id: seq, room: "log", seq, at, kind: "log", from: "web1", body: `line ${seq}` };
}

/** A server whose filter lets every tenth line through. */
function scene(start: number) {
  const clock = new FakeClock();
  const timeline = new Timeline(start);
  const asked: (number | undefined)[] = [];
  const server = { lastSeq: start };
  const follower = new FilterFollower({
    timeline,
    clock,
    ask({ after, limit }): Promise<HistoryAnswer> {
      asked.push(after);
      const { lastSeq } = server;
      const all = Array.from({ length: lastSeq }, (_, index) => index + 1)
        .filter((seq) => seq % 10 === 0);
      const later = all.filter((seq) => seq > (after ?? 0));
      const found = after === undefined ? later.slice(-limit) : later.slice(0, limit);
      const isCut = found.length === limit;
      return Promise.resolve({
        type: "history",
        room: "log",
        after: after ?? (isCut ? found[0] - 1 : 0),
        before: after !== undefined && isCut ? found[limit - 1] + 1 : lastSeq + 1,
        lastSeq,
        events: found.map(lineOf),
      });
    },
    onChange: () => {},
  });
  return { clock, timeline, asked, server, follower };
}

const numbers = ({ events }: Timeline) => events.map(({ seq }) => seq);

Deno.test("FilterFollower adds what the filter lets through, a few times a second", async () => {
  const { clock, timeline, asked, server, follower } = scene(100);
  for (let round = 0; round < 10; round++) {
    server.lastSeq += 3;
    follower.poke();
    await clock.advance(100);
  }
  await clock.advance(1000);
  assertEquals(numbers(timeline), [110, 120, 130]);
  assertEquals([timeline.after, timeline.before, timeline.isAtEnd], [100, 131, true]);
  assertEquals(asked.length <= 5, true, `${asked.length} requests`);
  await clock.advance(10_000);
  assertEquals(asked.at(-1), 127);
});

Deno.test("FilterFollower asks on until it is at the end, and far behind begins there", async () => {
  const { clock, timeline, server, follower } = scene(0);
  server.lastSeq = 5000;
  follower.poke();
  await clock.advance(5000);
  assertEquals([numbers(timeline).length, timeline.before], [500, 5001]);
  server.lastSeq = 50_000;
  follower.poke();
  await clock.advance(5000);
  assertEquals([numbers(timeline).length, numbers(timeline)[0]], [200, 48_010]);
  assertEquals(timeline.isAtEnd, true);
});

Deno.test("FilterFollower leaves a reader alone who has scrolled up, and ends when stopped", async () => {
  const { clock, timeline, asked, server, follower } = scene(100);
  timeline.skipTo(200);
  server.lastSeq = 300;
  follower.poke();
  await clock.advance(1000);
  assertEquals(asked, []);
  follower.stop();
  follower.poke();
  await clock.advance(1000);
  assertEquals(asked, []);
});
