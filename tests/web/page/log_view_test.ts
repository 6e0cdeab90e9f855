import { assertEquals } from "@std/assert";
import { LogDetector } from "../../../lib/web/page/log_detector.ts";
import { MessageView } from "../../../lib/web/page/message_view.ts";
import { RateMeter } from "../../../lib/web/page/rate_meter.ts";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function eventOf(seq: number, kind: EventJson["kind"] = "log"): EventJson {
  const at = "2026-11-21T06:30:00.000Z";
  return { id: seq, room: "log", seq, at, kind, from: "web1", body: `line ${seq}` };
}

function eventsOf(count: number, kind?: EventJson["kind"]): EventJson[] {
  return Array.from({ length: count }, (_, index) => eventOf(index + 1, kind));
}

function scene() {
  const timeline = new Timeline(0);
  timeline.receive(eventsOf(20));
  const asked: (string | undefined)[] = [];
  const view = new MessageView("log", timeline, {
    history(request) {
      asked.push(request.query);
      const events = [eventOf(10)];
      return Promise.resolve({
        type: "history",
        room: "log",
        after: 0,
        before: 21,
        lastSeq: 20,
        events,
      });
    },
    clock: new FakeClock(),
    onChange: () => {},
  });
  const shown = () =>
    view.rows("ann", []).flatMap((row) => row.kind === "message" ? [row.event.seq] : []);
  return { timeline, view, asked, shown };
}

Deno.test("MessageView.pause() shows nothing new, even if the timeline drops its end", async () => {
  const { timeline, view, shown } = scene();
  view.pause();
  const rows = view.rows("ann", []);
  timeline.receive([eventOf(21), eventOf(22)]);
  assertEquals(view.rows("ann", []), rows);
  view.received(2);
  assertEquals([shown().at(-1), view.newLines], [20, 2]);
  await view.goToNewest();
  assertEquals([shown().at(-1), view.pausedAt, view.newLines], [22, undefined, 0]);
});

Deno.test("MessageView counts log lines that come while the end is out of sight, not joins", () => {
  const { timeline, view, shown } = scene();
  view.isAtBottom = false;
  timeline.receive([eventOf(21, "join")]);
  view.received(0);
  shown();
  assertEquals(view.newLines, 0);
  timeline.receive([eventOf(22)]);
  view.received(1);
  shown();
  assertEquals(view.newLines, 1);
  view.isAtBottom = true;
  shown();
  assertEquals(view.newLines, 0);
});

Deno.test("MessageView.setQuery() shows what the server finds, and counts the rest", async () => {
  const { view, asked, shown } = scene();
  view.setQuery("level:err");
  assertEquals([shown(), view.isFiltered, view.isLog], [[], true, true]);
  view.pager.older();
  while (view.pager.isLoading) await Promise.resolve();
  assertEquals(asked, ["level:err"]);
  assertEquals([shown(), view.hiddenCount], [[10], 19]);
  view.setQuery("");
  assertEquals(shown().length, 20);
});

Deno.test("MessageView.goTo() leaves the filter, which may hide the message", async () => {
  const { view } = scene();
  view.setQuery("level:err");
  await view.goTo(3);
  assertEquals([view.query, view.target], ["", 3]);
});

Deno.test("LogDetector takes a room for a log while most of it is log lines", () => {
  const detector = new LogDetector();
  const mix = (lines: number, messages: number) => [
    ...eventsOf(lines),
    ...eventsOf(messages, "message"),
    ...eventsOf(50, "join"),
  ];
  for (
    const [lines, messages, isLog] of [
      [5, 0, false],
      [50, 50, false],
      [65, 35, true],
      [40, 60, true],
      [20, 80, false],
      [40, 60, false],
    ] as const
  ) assertEquals(detector.isLog(mix(lines, messages)), isLog, `${lines} of 100`);
});

Deno.test("RateMeter averages over the last five seconds", () => {
  const meter = new RateMeter();
  assertEquals(meter.perSecond(0), 0);
  for (let second = 0; second < 10; second++) meter.add(100, second * 1000);
  assertEquals(meter.perSecond(9000), 100);
  assertEquals(meter.perSecond(11_500), 60);
  assertEquals(meter.perSecond(60_000), 0);
});
