import { assert, assertEquals } from "@std/assert";
import { clusterMetrics } from "../../lib/metrics/cluster_metrics.ts";

const RULES = new URL("../../packaging/alert-rules.yml", import.meta.url);

Deno.test("clusterMetrics() tells how a node sees its cluster, under the name that the alert asks for", async () => {
  let isReached = true;
  const metrics = clusterMetrics(() => ({ isReached, position: 12, alive: 3 }));
  const read = () => Promise.all(metrics.map(({ read }) => read()));
  assertEquals(await read(), [1, 12, 3]);
  isReached = false;
  assertEquals(await read(), [0, 12, 3]);
  assert(Deno.readTextFileSync(RULES).includes(`expr: ${metrics[0].name} == 0`));
});
