import { assertEquals, assertStringIncludes } from "@std/assert";
import { Histogram } from "../../lib/metrics/histogram.ts";
import { MetricsPage } from "../../lib/metrics/metrics_page.ts";

Deno.test("MetricsPage.read() writes each metric as it is now, in the order given", async () => {
  let count = 0;
  const page = new MetricsPage([
    { name: "sent_total", help: "Sent", type: "counter", read: () => count },
    {
      name: "open",
      help: 'A "label"\nand \\',
      type: "gauge",
      read: () => Promise.resolve([[{ door: 'a"b\\\n' }, 1], [{ door: "ssh" }, 0.5]] as const),
    },
    { name: "unknown", help: "Not known", type: "gauge", read: () => undefined },
  ]);
  const at = (value: number) =>
    `# HELP sent_total Sent
# TYPE sent_total counter
sent_total ${value}

# HELP open A "label"\\nand \\\\
# TYPE open gauge
open{door="a\\"b\\\\\\n"} 1
open{door="ssh"} 0.5

# HELP unknown Not known
# TYPE unknown gauge
`;
  const contentType = "text/plain; version=0.0.4; charset=utf-8";
  assertEquals(await page.read(), { contentType, text: at(0) });
  count = 12_345_678;
  assertEquals((await page.read()).text, at(12_345_678));
});

Deno.test("MetricsPage.read() writes a histogram with cumulative buckets, its sum and its count", async () => {
  const histogram = new Histogram([0.01, 0.1]);
  for (const ms of [5, 50, 500]) histogram.observeMs(ms);
  const page = new MetricsPage([
    { name: "commit_seconds", help: "Commits", type: "histogram", read: () => histogram },
  ]);
  assertStringIncludes(
    (await page.read()).text,
    `# TYPE commit_seconds histogram
commit_seconds_bucket{le="0.01"} 1
commit_seconds_bucket{le="0.1"} 2
commit_seconds_bucket{le="+Inf"} 3
commit_seconds_sum 0.555
commit_seconds_count 3
`,
  );
});

Deno.test("MetricsPage.read() reads once for all who ask at the same time", async () => {
  let reads = 0;
  const read = () => ++reads;
  const page = new MetricsPage([{ name: "reads", help: "Reads", type: "gauge", read }]);
  const [a, b] = await Promise.all([page.read(), page.read()]);
  assertEquals([a === b, reads], [true, 1]);
  await page.read();
  assertEquals(reads, 2);
});

Deno.test("MetricsPage keeps its metrics apart from those of another page", async () => {
  const metric = { name: "same", help: "Same", type: "gauge" } as const;
  const [a, b] = [1, 2].map((value) => new MetricsPage([{ ...metric, read: () => value }]));
  assertStringIncludes((await a.read()).text, "\nsame 1\n");
  assertStringIncludes((await b.read()).text, "\nsame 2\n");
});
