/**
 * Metrics in the text format of Prometheus, written by prom-client, which is loaded when they are
 * asked for first: most servers are never asked.
 *
 * @module
 */

import type { Registry } from "prom-client";
import type { Histogram } from "./histogram.ts";
import type { Metric, Reading } from "./metric.ts";

/** The answer to a scrape. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** A line of the page. */
interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The page of one server. Its registry is its own: prom-client's is one for the process. */
export class MetricsPage {
  readonly #metrics: readonly Metric[];
  #registry: Promise<Registry> | undefined;
  /** The answer being written, shared by all requests that arrive meanwhile. */
  #writing: Promise<Exposition> | undefined;

  /** @param metrics In the order in which they are listed. No two may have the same name. */
  constructor(metrics: Iterable<Metric>) {
    this.#metrics = [...metrics];
  }

  /** Reads all metrics. */
  read(): Promise<Exposition> {
    return this.#writing ??= this.#write().finally(() => this.#writing = undefined);
  }

  async #write(): Promise<Exposition> {
    const registry = await (this.#registry ??= openRegistry(this.#metrics));
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}

async function openRegistry(metrics: readonly Metric[]): Promise<Registry> {
  const { default: { Gauge, Registry } } = await import("prom-client");

  /**
   * A metric of any type whose values are counted elsewhere. The registry asks a gauge for nothing
   * but `get()`; a counter or histogram of prom-client would count once more.
   */
  class ReadMetric extends Gauge {
    readonly #metric: Metric;

    constructor(metric: Metric) {
      super({ name: metric.name, help: metric.help, registers: [] });
      this.#metric = metric;
    }

    override async get(): Promise<never> {
      const { name, help, type } = this.#metric;
      const values = await samplesOf(this.#metric);
      // The type is a word, whatever the declarations of prom-client say.
      return { name, help, type, values, aggregator: "sum" } as never;
    }
  }

  const registry = new Registry();
  for (const metric of metrics) registry.registerMetric(new ReadMetric(metric));
  return registry;
}

async function samplesOf(metric: Metric): Promise<readonly Sample[]> {
  return metric.type === "histogram"
    ? bucketsOf(metric.name, metric.read())
    : valuesOf(await metric.read());
}

function valuesOf(reading: Reading): readonly Sample[] {
  if (reading === undefined) return [];
  if (typeof reading === "number") return [{ labels: {}, value: reading }];
  return reading.map(([labels, value]) => ({ labels, value }));
}

function bucketsOf(name: string, { bounds, counts, sum }: Histogram): readonly Sample[] {
  const samples: Sample[] = [];
  let count = 0;
  for (const [index, own] of counts.entries()) {
    count += own;
    const le = bounds[index] ?? "+Inf";
    samples.push({ metricName: `${name}_bucket`, labels: { le }, value: count });
  }
  return [
    ...samples,
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
}
