/**
 * Serves the web page and the metrics, where they have ports.
 *
 * @module
 */

import type { Metric } from "../../metrics/metric.ts";
import { MetricsPage } from "../../metrics/metrics_page.ts";
import type { Server } from "../../server/accepting/serve.ts";
import type { Service } from "../../server/session/service.ts";
import type { ServiceOptions } from "../../service/mod.ts";
import { createMetricsSite } from "../../web/api/metrics_response.ts";
import type { OpenListeners } from "../endpoints/listeners.ts";
import { waysInOf } from "../endpoints/welcome.ts";
import type { ServeOptions } from "../settings/serve_options.ts";

export interface ServeSitesParts {
  readonly server: Server;
  readonly services: ReadonlyMap<string, Service>;
  readonly serviceOptions: Omit<ServiceOptions, "irc">;
  readonly metrics: readonly Metric[];
  /** What the server is for, as the options in use say. */
  describe(): string;
  /** Says where the server listens. */
  print(line: string): void;
}

export async function serveSites(
  options: Pick<ServeOptions, "web" | "metrics">,
  { lines, web, metrics: metricsPort }: OpenListeners,
  { server, services, serviceOptions, metrics, describe, print }: ServeSitesParts,
): Promise<void> {
  const page = new MetricsPage(metrics);
  const readMetrics = () => page.read();
  if (web) {
    const { createWebSite } = await import("../../web/web_site.ts");
    const { endpoint, ...webOptions } = options.web!;
    const waysIn = waysInOf(lines);
    const site = createWebSite({
      ...serviceOptions,
      ...webOptions,
      ...endpoint,
      ircService: services.get("irc"),
      facts: () => ({ description: describe(), waysIn }),
      metrics: readMetrics,
    });
    server.converse(web, "web", site);
    print(`listening web ${web.endpoint}/`);
  }
  if (metricsPort) {
    const { endpoint: { scheme } } = options.metrics!;
    server.converse(metricsPort, "metrics", createMetricsSite(scheme, readMetrics));
    print(`listening metrics ${metricsPort.endpoint}/metrics`);
  }
}
