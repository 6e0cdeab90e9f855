import { assertEquals } from "@std/assert";
import type { Span, Tracer } from "@opentelemetry/api";
import { batchTracing } from "../../../lib/cli/tracing/batch_tracing.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Notes what spans do. */
function notingTracer(notes: string[]): Tracer {
  const startSpan = (name: string) => {
    notes.push(`${name} starts`);
    const span: Partial<Span> = {
      end: () => void notes.push(`${name} ends`),
      setAttribute: (key, value) => {
        notes.push(`${name} ${key}=${value}`);
        return span as Span;
      },
      recordException: (error) => void notes.push(`${name} fails: ${(error as Error).message}`),
    };
    return span as Span;
  };
  return { startSpan } as unknown as Tracer;
}

Deno.test("batchTracing() makes a span with the commit and the fan-out after each other in it", () => {
  const notes: string[] = [];
  const trace = batchTracing(new FakeClock(), notingTracer(notes))(0)!;
  trace.committed(3);
  trace.end();
  assertEquals(notes, [
    "line starts",
    "commit starts",
    "line partyline.events=3",
    "commit ends",
    "fan-out starts",
    "fan-out ends",
    "line ends",
  ]);
});

Deno.test("batchTracing() ends the spans of a batch that cannot be stored, with the error", () => {
  const notes: string[] = [];
  batchTracing(new FakeClock(), notingTracer(notes))(0)!.end(new Error("disk full"));
  assertEquals(notes.slice(2), ["line fails: disk full", "commit ends", "line ends"]);
});

Deno.test("batchTracing() traces at most ten batches a second", async () => {
  const clock = new FakeClock();
  const start = batchTracing(clock, notingTracer([]));
  let traced = 0;
  for (let batch = 0; batch < 1000; batch++) {
    if (start(clock.now())) traced++;
    await clock.advance(1);
  }
  assertEquals(traced, 10);
});
