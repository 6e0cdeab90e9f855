import { assertEquals } from "@std/assert";
import { Histogram } from "../../lib/metrics/histogram.ts";

Deno.test("Histogram.observeMs() counts a duration in the first bucket that is not too short for it", () => {
  const histogram = new Histogram([0.01, 0.1]);
  for (const ms of [0, 10, 10.1, 100, 5000]) histogram.observeMs(ms);
  assertEquals(histogram.counts, [2, 2, 1]);
  assertEquals(histogram.count, 5);
  assertEquals(histogram.sum.toFixed(4), "5.1201");
});
