/**
 * The options of `serve`: names, limits, defaults, and the record that the wiring takes.
 *
 * @module
 */

import { type ClusterOptions, readCluster } from "./cluster_options.ts";
import type { AlertRule } from "../alert/alert_rule.ts";
import { readAlerts } from "./alert_options.ts";
import { CONFIG_OPTION, DATA_OPTION } from "./common_options.ts";
import type { CommandEnvironment } from "./command.ts";
import { readConfigFile } from "./config_file.ts";
import { type BlockLimits, DEFAULT_BLOCK_LIMITS } from "../domain/block.ts";
import type { RetentionRules } from "../domain/retention.ts";
import type { ParsedArguments } from "./flags.ts";
import { DEFAULT_LISTEN, type KnownService, type ListenOption, parseListen } from "./listen.ts";
import { type OptionSpec, type Resolved, resolveOptions } from "./option.ts";
import { LOG_LEVELS, type LogLevel } from "./log_output.ts";
import { readPasswordFile } from "./password_file.ts";
import { readRetention } from "./retention_options.ts";
import { type IrcOptions, parseDescription, readIrc } from "./irc_options.ts";
import { type HttpEndpoint, parseHttpEndpoint } from "./http_endpoint.ts";
import { parseWeb, type WebOptions } from "./web_options.ts";

export type { KnownService, ListenOption };

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

const UP_TO_A_MILLION = { kind: "integer", value: "N", min: 0, max: 1_000_000 } as const;
const SECONDS_OF_A_DAY = { kind: "integer", value: "SECONDS", min: 1, max: 86_400 } as const;

/** Tables, and groups of them, in the configuration file. */
export const TABLES = ["irc", "rooms", "alerts", "cluster"];

/** Every option of `serve` but `CONFIG_OPTION`. */
export const SERVE_OPTIONS = [
  {
    name: "listen",
    kind: "list",
    value: "SERVICE=ENDPOINT",
    default: DEFAULT_LISTEN,
    doc:
      "where a service listens; repeatable. It replaces the defaults, unless one of the values " +
      "is the word default. ENDPOINT is ssh://HOST:PORT, telnet://HOST:PORT, tcp://HOST:PORT, " +
      "tls:// or telnets://HOST:PORT?cert=FILE,key=FILE, unix:///PATH, udp://HOST:PORT or " +
      "unixgram:///PATH. Every endpoint takes the options idle=SECONDS, max-line=BYTES and, " +
      "except for files, allow=ADDRESSES. Port 0 picks a free port",
  },
  {
    name: "tutorials",
    kind: "flag",
    doc: "also run the small services of the tutorials, each on its usual port",
  },
  {
    name: "service",
    kind: "list",
    value: "FILE",
    default: [],
    doc: "load a service of your own from a module, for use in --listen; repeatable",
  },
  {
    name: "print",
    kind: "flag",
    doc: "print what the logger service receives, besides storing it",
  },
  {
    name: "web",
    kind: "string",
    value: "ENDPOINT",
    negatable: true,
    default: "http://127.0.0.1:8080",
    doc: "where to serve the web page and the HTTP API: http://HOST:PORT or " +
      "https://HOST:PORT?cert=FILE,key=FILE; allow=ADDRESSES as in --listen",
  },
  {
    name: "web-host",
    kind: "list",
    value: "NAME",
    default: [],
    doc: "another host name for the web page, besides the one in --web and those of this " +
      "machine; repeatable. Line ports redirect browsers to the first",
  },
  {
    name: "web-origin",
    kind: "list",
    value: "ORIGIN",
    default: [],
    doc: "allow web pages from another origin, such as https://HOST, to connect and post; " +
      "repeatable",
  },
  {
    name: "web-base",
    kind: "string",
    value: "PATH",
    default: "/",
    doc: "the path under which a proxy publishes the web page, such as /partyline/; needed only " +
      "if the proxy leaves it in requests",
  },
  {
    name: "post-token",
    kind: "string",
    value: "TOKEN",
    doc: "the token that HTTP requests need to post to a room; without it none can. Prefer " +
      "PARTYLINE_POST_TOKEN, which other users of this machine cannot see",
  },
  {
    name: "metrics",
    kind: "string",
    value: "ENDPOINT",
    doc: "where to serve metrics for Prometheus to everybody, as http://HOST:PORT/metrics; " +
      "allow=ADDRESSES as in --listen. The web page serves them at /metrics to this machine and " +
      "with a token",
  },
  {
    name: "description",
    kind: "string",
    value: "TEXT",
    doc: "what this server is, in one line, for newcomers on the web page and for IRC clients",
  },
  {
    name: "access",
    kind: "choice",
    choices: ["open", "accounts"],
    default: "open",
    doc: "who may enter: open, anybody who gives a name; accounts, only people with an account, " +
      "the first made with partyline account add NAME --operator",
  },
  {
    name: "password-file",
    kind: "string",
    value: "FILE",
    doc: "a file whose first line is a password, 8 characters or more, that everybody must give " +
      "to enter; without it, nobody is asked for one",
  },
  DATA_OPTION,
  {
    name: "takeover",
    kind: "flag",
    doc:
      "take over from the server that runs on the same data directory: it stops, and people who " +
      "connect meanwhile wait for this one",
  },
  {
    ...UP_TO_A_MILLION,
    name: "max-connections",
    default: 10_000,
    doc: "the most connections at once; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "max-per-address",
    default: 64,
    doc: "the most connections at once from one address; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-rate",
    default: 5,
    doc: "lines a second that a peer may sustain in chat before it is slowed down; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-burst",
    min: 1,
    default: 20,
    doc: "lines that a peer may send at once before --flood-rate applies",
  },
  {
    name: "block-bytes",
    kind: "integer",
    value: "BYTES",
    min: 4096,
    max: 32_768,
    default: DEFAULT_BLOCK_LIMITS.bytes,
    doc: "the most bytes of a message of several lines",
  },
  {
    name: "block-lines",
    kind: "integer",
    value: "N",
    min: 1,
    max: 1000,
    default: DEFAULT_BLOCK_LIMITS.lines,
    doc: "the most lines of a message",
  },
  {
    name: "outbox-bytes",
    kind: "integer",
    value: "BYTES",
    min: 16_384,
    max: 1_073_741_824,
    default: 262_144,
    doc: "bytes queued for a peer before it is fed from the log instead",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "stall",
    default: 60,
    doc: "disconnect a peer that reads nothing for this long",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "name-deadline",
    default: 60,
    doc: "disconnect a peer that gives no name within this time",
  },
  {
    name: "durability",
    kind: "choice",
    choices: ["normal", "full"],
    default: "normal",
    doc: "what commits survive: normal, a crash of the program; full, also a power cut",
  },
  {
    name: "log-format",
    kind: "choice",
    choices: ["text", "json"],
    default: "text",
    doc: "the format of diagnostics on standard error",
  },
  {
    name: "log-level",
    kind: "choice",
    value: "LEVEL",
    choices: LOG_LEVELS,
    default: "info",
    doc: "the least severe diagnostics to print",
  },
] as const satisfies readonly OptionSpec[];

/**
 * Resolves and checks the options of `serve`.
 *
 * @param services The services that `--listen` can name.
 * @throws {UsageError} for anything invalid.
 */
export function serveOptions(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
  services: readonly KnownService[],
): ServeOptions {
  return toServeOptions(resolveServe(args, environment), environment, services);
}

/** The same, of options that are resolved. */
export function toServeOptions(
  { options, file }: ResolvedServe,
  environment: Pick<CommandEnvironment, "readTextFile">,
  services: readonly KnownService[],
): ServeOptions {
  const tutorials = options.tutorials.value ? tutorialsOf(services) : [];
  const listen = parseListen(options.listen, services, tutorials);
  const description = parseDescription(options.description);
  const irc = readIrc(file, listen, environment.readTextFile, description);
  return {
    web: parseWeb(options),
    metrics: parseMetrics(options.metrics),
    listen,
    print: options.print.value,
    access: options.access.value,
    ...readPasswordFile(options["password-file"], environment.readTextFile),
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
    cluster: readCluster(file, environment.readTextFile),
  };
}

/**
 * Resolves only the modules with the user's own services. They must be loaded before the other
 * options can be checked, because `--listen` names them.
 *
 * @throws {UsageError} like {@linkcode serveOptions}.
 */
export function serviceModules(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
): readonly string[] {
  return resolveServe(args, environment).options.service.value;
}

/** The options with their sources, and the file for its tables. */
export type ResolvedServe = ReturnType<typeof resolveServe>;

/** @throws {UsageError} like {@linkcode serveOptions}. */
export function resolveServe(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
) {
  const sources = { flags: args.flags, env: environment.env };
  const { config } = resolveOptions([CONFIG_OPTION], sources);
  const file = config.value === undefined
    ? undefined
    : readConfigFile(config.value, environment.readTextFile);
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
