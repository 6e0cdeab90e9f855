/**
 * The options of `serve` with what a reload has to know: which of them have changed, and which of
 * those need a restart.
 *
 * @module
 */

import type { CommandEnvironment } from "../command.ts";
import { type Door, doorsOf } from "../endpoints/doorkeepers.ts";
import type { KnownService } from "../endpoints/listen.ts";
import type { Origin } from "../options/usage_error.ts";
import { type ResolvedServe, type ServeOptions, toServeOptions } from "./serve_options.ts";

/** Options that change without a restart. */
const LIVE_OPTIONS: readonly string[] = [
  "description",
  "access",
  "password-file",
  "max-connections",
  "max-per-address",
  "flood-rate",
  "flood-burst",
  "outbox-bytes",
  "stall",
  "name-deadline",
  "log-format",
  "log-level",
];

/** One option, or one table of the file. */
export interface Setting {
  /** What to compare it by. It may be secret. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Whether a running server can change it. */
  readonly isLive: boolean;
}

export interface ServeSettings {
  readonly options: ServeOptions;
  /** All settings, by what people call them: `max-connections`, `[alerts]`. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** The configuration file, if there is one. */
  readonly file?: string;
}

/**
 * Reads all settings. Every file is read once, so that they belong together.
 *
 * @throws {UsageError} for anything invalid.
 */
export async function readServeSettings(
  resolved: ResolvedServe,
  environment: Pick<CommandEnvironment, "readTextFile">,
  services: readonly KnownService[],
): Promise<ServeSettings> {
  const options = await toServeOptions(resolved, environment, services);
  const { file } = resolved;
  const settings = new Map<string, Setting>();
  for (const [name, { value, origin }] of Object.entries(resolved.options)) {
    settings.set(name, { value, origin, isLive: LIVE_OPTIONS.includes(name) });
  }
  // Whom endpoints let in changes without a restart, unlike everything else about them.
  const doors = doorsOf(options).filter(([, at]) => !("isTutorial" in at));
  const setDoors = (name: "listen" | "web" | "metrics", isMeant: (service: string) => boolean) => {
    const { origin } = resolved.options[name];
    const value = doors.filter(([service]) => isMeant(service)).map(withoutAllow);
    settings.set(name, { value, origin, isLive: false });
  };
  setDoors("listen", (service) => service !== "web" && service !== "metrics");
  setDoors("web", (service) => service === "web");
  setDoors("metrics", (service) => service === "metrics");
  const { serverName, ...irc } = options.irc;
  const { sharedPassword, passwordFile, alerts } = options;
  const addLive = (name: string, value: unknown, ...path: string[]) =>
    settings.set(name, {
      value,
      origin: { label: name, place: file?.place(...path) },
      isLive: true,
    });
  addLive("password-file", [passwordFile, sharedPassword], "password-file");
  addLive("allow", doors.map(([, { endpoint }]) => endpoint.allow), "listen");
  addLive("[irc]", irc, "irc");
  addLive("[rooms]", file?.values.rooms, "rooms");
  addLive("[alerts]", alerts, "alerts");
  // Clients know the server by its name, so it must not change under them.
  const label = "server-name";
  const origin = { label, place: file?.place("irc", label) };
  settings.set("server-name in [irc]", { value: serverName, origin, isLive: false });
  const cluster = { label: "[cluster]", place: file?.place("cluster") };
  settings.set("[cluster]", { value: options.cluster, origin: cluster, isLive: false });
  return { options, settings, file: resolved.path };
}

/** An endpoint to compare, apart from whom it lets in. */
function withoutAllow([service, { endpoint: { allow: _, options, ...endpoint } }]: Door) {
  return { service, ...endpoint, options: [...options] };
}

/** The names of the settings in which two differ. */
export function changedSettings(before: ServeSettings, after: ServeSettings): string[] {
  return [...after.settings].flatMap(([name, { value }]) =>
    JSON.stringify(value) === JSON.stringify(before.settings.get(name)?.value) ? [] : [name]
  );
}
