/**
 * The options of `serve` as the wiring takes them: read from their sources, checked, and put together
 * in one record.
 *
 * @module
 */

import type { AlertRule } from "../../alert/alert_rule.ts";
import type { RetentionRules } from "../../domain/retention/retention.ts";
import type { BlockLimits } from "../../domain/text/block.ts";
import type { CommandEnvironment } from "../command.ts";
import { type HttpEndpoint, parseHttpEndpoint } from "../endpoints/http_endpoint.ts";
import { type KnownService, type ListenOption, parseListen } from "../endpoints/listen.ts";
import type { LogLevel } from "../log_output.ts";
import { readConfigFile } from "../options/config_file.ts";
import type { ParsedArguments } from "../options/flags.ts";
import { type Resolved, resolveOptions } from "../options/option.ts";
import { readAlerts } from "./alert_options.ts";
import { type ClusterOptions, readCluster } from "./cluster_options.ts";
import { CONFIG_OPTION } from "./common_options.ts";
import { type IrcOptions, parseDescription, readIrc } from "./irc_options.ts";
import { readPasswordFile } from "./password_file.ts";
import { readRetention } from "./retention_options.ts";
import { SERVE_OPTIONS, TABLES } from "./serve_option_list.ts";
import { parseWeb, type WebOptions } from "./web_options.ts";

/** The options of the server. Sizes are in bytes, times in seconds. */
export interface ServeOptions {
  /** The services and their endpoints; at least one. */
  readonly listen: readonly ListenOption[];
  /** The web page; `undefined` if it is off. */
  readonly web?: WebOptions;
  /** The port for metrics alone; `undefined` without one. */
  readonly metrics?: HttpEndpoint;
  /** Who may enter: anybody, or only people who have an account. */
  readonly access: "open" | "accounts";
  /** The password that everybody must know; without one, nobody is asked. */
  readonly sharedPassword?: string;
  /** The file that it comes from. */
  readonly passwordFile?: string;
  /** The data directory. */
  readonly data: string;
  /** Whether to take over from the server that runs on it. */
  readonly takeover: boolean;
  /** Whether the logger service also prints lines on standard output. */
  readonly print: boolean;
  /** Connections at once; 0 is no limit. */
  readonly maxConnections: number;
  /** Connections at once from one address; 0 is no limit. */
  readonly maxPerAddress: number;
  /** Lines a second that a peer may sustain; 0 is no limit. */
  readonly floodRate: number;
  /** Lines that a peer may send at once before `floodRate` applies. */
  readonly floodBurst: number;
  /** The largest message of several lines. */
  readonly blocks: BlockLimits;
  /** Bytes queued for one peer before it counts as slow. */
  readonly outboxBytes: number;
  /** Seconds after which a peer that reads nothing is disconnected. */
  readonly stallSeconds: number;
  /** Seconds within which a peer must give a name. */
  readonly nameSeconds: number;
  readonly durability: "normal" | "full";
  readonly logFormat: "text" | "json";
  readonly logLevel: LogLevel;
  /** What the server is, in one line. */
  readonly description: string;
  /** What IRC clients are told of the server. */
  readonly irc: IrcOptions;
  /** How much history each room keeps. */
  readonly retention: RetentionRules;
  /** What joins this server to others; absent without `[cluster]`. */
  readonly cluster?: ClusterOptions;
  /** The alerts. */
  readonly alerts: readonly AlertRule[];
}

/**
 * Checks the options of `serve`.
 *
 * @param services The services that `--listen` can name.
 * @throws {UsageError} for anything invalid.
 */
export async function toServeOptions(
  { options, file }: ResolvedServe,
  environment: Pick<CommandEnvironment, "readTextFile">,
  services: readonly KnownService[],
): Promise<ServeOptions> {
  const tutorials = options.tutorials.value ? tutorialsOf(services) : [];
  const listen = parseListen(options.listen, services, tutorials);
  const description = parseDescription(options.description);
  const irc = await readIrc(file, listen, environment.readTextFile, description);
  return {
    web: parseWeb(options),
    metrics: parseMetrics(options.metrics),
    listen,
    print: options.print.value,
    access: options.access.value,
    ...await readPasswordFile(options["password-file"], environment.readTextFile),
    data: options.data.value,
    takeover: options.takeover.value,
    maxConnections: options["max-connections"].value,
    maxPerAddress: options["max-per-address"].value,
    floodRate: options["flood-rate"].value,
    floodBurst: options["flood-burst"].value,
    blocks: { bytes: options["block-bytes"].value, lines: options["block-lines"].value },
    outboxBytes: options["outbox-bytes"].value,
    stallSeconds: options.stall.value,
    nameSeconds: options["name-deadline"].value,
    durability: options.durability.value,
    logFormat: options["log-format"].value,
    logLevel: options["log-level"].value,
    description: description ?? irc.description,
    irc,
    retention: readRetention(file),
    alerts: readAlerts(file),
    cluster: await readCluster(file, environment.readTextFile),
  };
}

/** The options with their sources, and the file for its tables. */
export type ResolvedServe = Awaited<ReturnType<typeof resolveServe>>;

/**
 * Resolves the options, and checks none of what they say: `--listen` may name the user's own
 * services, whose modules have to be loaded first.
 *
 * @throws {UsageError} like {@linkcode toServeOptions}.
 */
export async function resolveServe(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
) {
  const sources = { flags: args.flags, env: environment.env };
  const { config } = resolveOptions([CONFIG_OPTION], sources);
  const file = config.value === undefined
    ? undefined
    : await readConfigFile(config.value, environment.readTextFile);
  const options = resolveOptions(SERVE_OPTIONS, { ...sources, file, tables: TABLES });
  return { options, file, path: config.value };
}

/** Checks the option `metrics`. @throws {UsageError} for anything invalid. */
export function parseMetrics(
  { value, origin }: Resolved<string | undefined>,
): HttpEndpoint | undefined {
  return value === undefined ? undefined : parseHttpEndpoint({ value, origin }, "the metrics port");
}

/** What `--tutorials` adds to `--listen`. */
export function tutorialsOf(services: readonly KnownService[]): readonly string[] {
  return services.flatMap(({ name, tutorialEndpoint }) =>
    tutorialEndpoint === undefined ? [] : [`${name}=${tutorialEndpoint}`]
  );
}
