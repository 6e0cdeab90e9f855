import { assertEquals } from "@std/assert";
import { type CountsJson, moveEnd, rangeBetween } from "../../../lib/web/page/chart_range.ts";
import { ChartView } from "../../../lib/web/page/chart_view.ts";

/** A chart of 100 events in 10 bars, each of 10 events in one minute. */
function counts(since = "2026-11-21T06:00:00.000Z"): CountsJson {
  const start = Date.parse(since);
  const at = (bar: number) => new Date(start + bar * 60_000).toISOString();
  return {
    room: "ops",
    since,
    until: at(10),
    buckets: Array.from({ length: 10 }, (_, bar) => ({ at: at(bar), after: bar * 10, count: 10 })),
  };
}

async function scene() {
  const asked: unknown[] = [];
  const chart = new ChartView({
    room: "ops",
    counts: (...args) => {
      asked.push(args);
      return Promise.resolve(counts());
    },
    lastSeq: () => 100,
    onChange: () => {},
  });
  chart.show(10);
  await Promise.resolve();
  return { chart, asked };
}

Deno.test("ChartView.filter covers the selected bars", async () => {
  const { chart } = await scene();
  assertEquals(chart.filter, undefined);
  chart.choose(rangeBetween(4, 2));
  assertEquals(chart.count, 30);
  assertEquals(chart.filter, {
    span: { after: 20, before: 51 },
    since: "2026-11-21T06:02:00.000Z",
    until: "2026-11-21T06:05:00.000Z",
  });
  chart.choose({ first: 9, last: 9 });
  assertEquals(chart.filter!.span, { after: 90, before: 101 });
});

Deno.test("ChartView.zoomIn() loads only the selected time, and reset() the whole room", async () => {
  const { chart, asked } = await scene();
  chart.choose({ first: 2, last: 4 });
  chart.zoomIn();
  await Promise.resolve();
  assertEquals(chart.isZoomed, true);
  chart.choose({ first: 9, last: 9 });
  assertEquals(chart.filter!.span.before, 51);
  chart.reset();
  await Promise.resolve();
  assertEquals(chart.isZoomed, false);
  assertEquals(asked.map((args) => (args as unknown[])[2]), [
    undefined,
    {
      since: "2026-11-21T06:02:00.000Z",
      until: "2026-11-21T06:05:00.000Z",
    },
    undefined,
  ]);
});

Deno.test("ChartView.show() reports why the chart could not be loaded", async () => {
  const chart = new ChartView({
    room: "ops",
    counts: () => Promise.reject(new Error("The server answered 500.")),
    lastSeq: () => 0,
    onChange: () => {},
  });
  chart.show(10);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(chart.problem, "The server answered 500.");
});

Deno.test("moveEnd() stays in the chart, and the ends never cross", () => {
  assertEquals(moveEnd({ first: 3, last: 5 }, "first", 10, 10), { first: 5, last: 5 });
  assertEquals(moveEnd({ first: 3, last: 5 }, "first", -10, 10), { first: 0, last: 5 });
  assertEquals(moveEnd({ first: 3, last: 5 }, "last", 10, 10), { first: 3, last: 9 });
  assertEquals(moveEnd({ first: 3, last: 5 }, "last", -10, 10), { first: 3, last: 3 });
});
