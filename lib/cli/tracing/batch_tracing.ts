/**
 * Traces by Deno's OpenTelemetry (`OTEL_DENO=true`): a span for a batch of lines, from the moment
 * when the first waits to its delivery, with spans for the commit and the fan-out in it.
 *
 * Nothing is loaded without `OTEL_DENO`.
 *
 * @module
 */

import { context, type Span, trace, type Tracer } from "@opentelemetry/api";
import type { BatchTrace, StartTrace } from "../../backplane/batch_trace.ts";
import type { Clock } from "../../clock.ts";

/** Most traces in a second. Batches are alike, and each trace is sent over the network. */
const MOST_PER_SECOND = 10;

/** Starts traces of some batches, at most {@linkcode MOST_PER_SECOND}. */
export function batchTracing(
  clock: Clock,
  tracer: Tracer = trace.getTracer("partyline"),
): StartTrace {
  let nextAt = -Infinity;
  return (waitingSince) => {
    const now = clock.monotonic();
    if (now < nextAt) return undefined;
    nextAt = now + 1000 / MOST_PER_SECOND;
    return new SpanTrace(tracer, waitingSince);
  };
}

class SpanTrace implements BatchTrace {
  readonly #tracer: Tracer;
  readonly #line: Span;
  #step: Span;

  constructor(tracer: Tracer, startTime: number) {
    this.#tracer = tracer;
    this.#line = tracer.startSpan("line", { startTime });
    this.#step = this.#start("commit");
  }

  committed(events: number): void {
    this.#line.setAttribute("partyline.events", events);
    this.#step.end();
    this.#step = this.#start("fan-out");
  }

  end(error?: Error): void {
    if (error) this.#line.recordException(error);
    this.#step.end();
    this.#line.end();
  }

  #start(name: string): Span {
    return this.#tracer.startSpan(name, {}, trace.setSpan(context.active(), this.#line));
  }
}
