/** Traces of the real program, sent to a collector. */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { OtlpReceiver } from "../support/otlp_receiver.ts";
import { ServerProcess } from "../support/server_process.ts";

Deno.test("With OTEL_DENO, a line is a span with its commit and its fan-out in it", async () => {
  await using receiver = new OtlpReceiver();
  await using server = await ServerProcess.start({ env: receiver.env });
  const ann = await LineClient.enter(server.port, "ann");
  const bob = await LineClient.enter(server.port, "bob");
  await ann.send("hello");
  await bob.expect("<ann> hello");
  await receiver.until((spans) =>
    ["line", "commit", "fan-out"].every((name) => spans.some((span) => span.name === name))
  );
  const line = receiver.spans.find(({ name }) => name === "line")!;
  const steps = receiver.spans.filter(({ parentSpanId }) => parentSpanId === line.spanId);
  assertEquals(steps.map(({ name }) => name).sort(), ["commit", "fan-out"]);
  for (const step of steps) {
    assertEquals(step.traceId, line.traceId);
    assert(BigInt(step.startTimeUnixNano) >= BigInt(line.startTimeUnixNano));
    assert(BigInt(step.endTimeUnixNano) <= BigInt(line.endTimeUnixNano));
  }
  assertEquals(line.attributes.map(({ key }) => key), ["partyline.events"]);
  for (const client of [ann, bob]) await client.close();
});
