/**
 * Creates only the services that a listener uses, so that the code of the others is never loaded.
 *
 * @module
 */

import type { Service } from "../../server/session/service.ts";
import type { ServiceDefinition, ServiceOptions } from "../../service/mod.ts";
import type { OpenListeners } from "../endpoints/listeners.ts";
import type { ExecPrograms, ExecProgramsOptions } from "../exec/exec_programs.ts";
import type { ServeOptions } from "../settings/serve_options.ts";

/** The commands that people run over SSH; `undefined` without an endpoint for it. */
export async function loadPrograms(
  { listen }: ServeOptions,
  parts: ExecProgramsOptions,
): Promise<ExecPrograms | undefined> {
  if (!listen.some(({ endpoint }) => endpoint.scheme === "ssh")) return undefined;
  const { ExecPrograms } = await import("../exec/exec_programs.ts");
  return new ExecPrograms(parts);
}

/** The services of the listeners, by name. */
export async function createServices(
  definitions: readonly ServiceDefinition[],
  options: ServiceOptions,
  { lines, web }: Pick<OpenListeners, "lines" | "web">,
): Promise<ReadonlyMap<string, Service>> {
  const used = new Set(lines.map(({ binding }) => binding.service));
  // It is also served on the web port.
  if (web) used.add("irc");
  const created = definitions.filter(({ name }) => used.has(name))
    .map(async ({ name, create }) => [name, await create(options)] as const);
  return new Map(await Promise.all(created));
}
