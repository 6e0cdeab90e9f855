/**
 * Opens the ports of a server: those that the options name, or that the service manager passes on.
 *
 * @module
 */

import type { ServiceDefinition } from "../../service/mod.ts";
import type { CommandEnvironment } from "../command.ts";
import {
  type OpenListeners,
  openListeners,
  type OpenListenersOptions,
} from "../endpoints/listeners.ts";
import type { ServeOptions } from "../settings/serve_options.ts";
import type { PassedSockets } from "../systemd/passed_sockets.ts";

export interface OpenPortsParts
  extends Required<Pick<OpenListenersOptions, "ssh" | "work" | "keepers">> {
  /** The services that the options may name. */
  readonly definitions: readonly ServiceDefinition[];
  readonly environment: Pick<CommandEnvironment, "env">;
}

/** @param patience As in {@linkcode OpenListenersOptions}. */
export async function openPorts(
  options: ServeOptions,
  { definitions, environment, ...parts }: OpenPortsParts,
  patience?: OpenListenersOptions["patience"],
): Promise<OpenListeners> {
  const certified = new Set(
    definitions.filter(({ usesCertificates }) => usesCertificates).map(({ name }) => name),
  );
  const passed = await passedSockets(environment);
  const open = { ...options, ...parts, certified, passed, patience };
  const opened = await openListeners(options.listen, open);
  return { ...opened, skipped: [...opened.skipped, ...passed?.close() ?? []] };
}

/** What the service manager passes on; the code for it is loaded only if there is something. */
async function passedSockets({ env }: OpenPortsParts["environment"]): Promise<
  PassedSockets | undefined
> {
  if (env("LISTEN_FDS") === undefined) return undefined;
  const { PassedSockets } = await import("../systemd/passed_sockets.ts");
  return await PassedSockets.open(env, Deno.pid);
}
