/**
 * The options of `serve`: their names, limits and defaults, and the record that the wiring takes.
 *
 * @module
 */

import type { AlertRule } from "../alert/alert_rule.ts";
import { readAlerts } from "./alert_options.ts";
import type { CommandEnvironment } from "./command.ts";
import { readConfigFile } from "./config_file.ts";
import type { RetentionRules } from "../domain/retention.ts";
import type { ParsedArguments } from "./flags.ts";
import { type KnownService, type ListenOption, parseListen } from "./listen.ts";
import { type OptionSpec, resolveOptions } from "./option.ts";
import { LOG_LEVELS, type LogLevel } from "./log_output.ts";
import { readRetention } from "./retention_options.ts";
import { parseWeb, type WebOptions } from "./web_options.ts";

export type { KnownService, ListenOption };

/** What the server is to do. Sizes in bytes, times in seconds, as a person writes them. */
export interface ServeOptions {
  /** Where each service listens. At least one. */
  readonly listen: readonly ListenOption[];
  /** The web page; `undefined` for none. */
  readonly web?: WebOptions;
  /** The data directory. */
  readonly data: string;
  /** Whether the logger service prints what it hears on standard output. */
  readonly print: boolean;
  /** Connections at once; 0 is no limit. */
  readonly maxConnections: number;
  /** Connections at once from one address; 0 is no limit. */
  readonly maxPerAddress: number;
  /** Lines per second that a peer may keep up; 0 is no limit. */
  readonly floodRate: number;
  /** Lines that a peer may send at once before `floodRate` holds. */
  readonly floodBurst: number;
  /** Bytes queued for one peer before it counts as slow. */
  readonly outboxBytes: number;
  /** Seconds after which a reader that takes nothing is disconnected. */
  readonly stallSeconds: number;
  /** Seconds within which a newcomer must give a name. */
  readonly nameSeconds: number;
  readonly durability: "normal" | "full";
  readonly logFormat: "text" | "json";
  readonly logLevel: LogLevel;
  /** How much of their past rooms keep. */
  readonly retention: RetentionRules;
  /** Queries that are kept, and whom to tell of what they find. */
  readonly alerts: readonly AlertRule[];
}

const UP_TO_A_MILLION = { kind: "integer", value: "N", min: 0, max: 1_000_000 } as const;
const SECONDS_OF_A_DAY = { kind: "integer", value: "SECONDS", min: 1, max: 86_400 } as const;

/** `--config` stands apart: it cannot be set in the file that it names. */
export const CONFIG_OPTION = {
  name: "config",
  kind: "string",
  value: "FILE",
  doc: "a TOML file with more of these options",
} as const satisfies OptionSpec;

/** Groups of tables in the file. */
const TABLES = ["rooms", "alerts"];

/** Where everything is kept. */
export const DATA_OPTION = {
  name: "data",
  kind: "string",
  value: "DIR",
  default: "./data",
  doc: "the directory that holds everything said",
} as const satisfies OptionSpec;

/** Every other option of `serve`. */
export const SERVE_OPTIONS = [
  {
    name: "listen",
    kind: "list",
    value: "SERVICE=ENDPOINT",
    default: [
      "chat=telnet://127.0.0.1:2323",
      "chat=tcp://127.0.0.1:2324",
      "logger=tcp://127.0.0.1:1514",
    ],
    doc: "where a service listens; may be repeated. An endpoint is telnet://HOST:PORT, " +
      "tcp://HOST:PORT, tls:// or telnets://HOST:PORT?cert=FILE&key=FILE, unix:///PATH, " +
      "udp://HOST:PORT or unixgram:///PATH, with idle=SECONDS and max-line=BYTES as further " +
      "options; port 0 picks a free one",
  },
  {
    name: "tutorials",
    kind: "flag",
    doc: "listen for the small services too, each on the port of its tutorial",
  },
  {
    name: "service",
    kind: "list",
    value: "FILE",
    default: [],
    doc: "a module with a service of your own, for --listen; may be repeated",
  },
  {
    name: "print",
    kind: "flag",
    doc: "print what the logger service hears, besides keeping it",
  },
  {
    name: "web",
    kind: "string",
    value: "ENDPOINT",
    negatable: true,
    default: "http://127.0.0.1:8080",
    doc: "where the web page and the HTTP API are: http://HOST:PORT, or " +
      "https://HOST:PORT?cert=FILE&key=FILE",
  },
  {
    name: "web-host",
    kind: "list",
    value: "NAME",
    default: [],
    doc: "a name under which the web page may be asked for, besides that in --web and those of " +
      "this machine; may be repeated. The first is where line ports send browsers",
  },
  {
    name: "web-origin",
    kind: "list",
    value: "ORIGIN",
    default: [],
    doc: "pages of other origins that may talk and post here, https://HOST for example; may be " +
      "repeated",
  },
  {
    name: "post-token",
    kind: "string",
    value: "TOKEN",
    doc: "what HTTP requests that post to a room have to prove; without it none can. Better set " +
      "as PARTYLINE_POST_TOKEN, which other users of the machine cannot see",
  },
  DATA_OPTION,
  {
    ...UP_TO_A_MILLION,
    name: "max-connections",
    default: 10_000,
    doc: "connections at once; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "max-per-address",
    default: 64,
    doc: "connections at once from one address; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-rate",
    default: 5,
    doc: "lines a second that a peer may keep up in chat before it is slowed down; 0 for no limit",
  },
  {
    ...UP_TO_A_MILLION,
    name: "flood-burst",
    min: 1,
    default: 20,
    doc: "lines that a peer may send at once before --flood-rate holds",
  },
  {
    name: "outbox-bytes",
    kind: "integer",
    value: "BYTES",
    min: 16_384,
    max: 1_073_741_824,
    default: 262_144,
    doc: "what is queued for one peer before it is fed from the log instead",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "stall",
    default: 60,
    doc: "a reader that takes nothing for so long is disconnected",
  },
  {
    ...SECONDS_OF_A_DAY,
    name: "name-deadline",
    default: 60,
    doc: "a newcomer who gives no name for so long is disconnected",
  },
  {
    name: "durability",
    kind: "choice",
    choices: ["normal", "full"],
    default: "normal",
    doc: "what a commit survives: normal a crash of the program, full a power cut too",
  },
  {
    name: "log-format",
    kind: "choice",
    choices: ["text", "json"],
    default: "text",
    doc: "the form of the diagnostics on standard error",
  },
  {
    name: "log-level",
    kind: "choice",
    value: "LEVEL",
    choices: LOG_LEVELS,
    default: "info",
    doc: "the least that is worth a diagnostic",
  },
] as const satisfies readonly OptionSpec[];

/**
 * Resolves and checks the options of `serve`.
 *
 * @param services The services that `--listen` may name.
 * @throws {UsageError} for anything that does not fit.
 */
export function serveOptions(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
  services: readonly KnownService[],
): ServeOptions {
  const { options, file } = resolveServe(args, environment);
  return {
    web: parseWeb(options),
    listen: parseListen(
      options.listen,
      services,
      options.tutorials.value ? tutorialsOf(services) : [],
    ),
    print: options.print.value,
    data: options.data.value,
    maxConnections: options["max-connections"].value,
    maxPerAddress: options["max-per-address"].value,
    floodRate: options["flood-rate"].value,
    floodBurst: options["flood-burst"].value,
    outboxBytes: options["outbox-bytes"].value,
    stallSeconds: options.stall.value,
    nameSeconds: options["name-deadline"].value,
    durability: options.durability.value,
    logFormat: options["log-format"].value,
    logLevel: options["log-level"].value,
    retention: readRetention(file),
    alerts: readAlerts(file),
  };
}

/**
 * The modules with services of the user's own: they have to be loaded before the other options
 * can be checked, because `--listen` names them.
 *
 * @throws {UsageError} as {@linkcode serveOptions}.
 */
export function serviceModules(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
): readonly string[] {
  return resolveServe(args, environment).options.service.value;
}

function resolveServe(
  args: Pick<ParsedArguments, "flags">,
  environment: Pick<CommandEnvironment, "env" | "readTextFile">,
) {
  const sources = { flags: args.flags, env: environment.env };
  const { config } = resolveOptions([CONFIG_OPTION], sources);
  const file = config.value === undefined
    ? undefined
    : readConfigFile(config.value, environment.readTextFile);
  return { options: resolveOptions(SERVE_OPTIONS, { ...sources, file, tables: TABLES }), file };
}

function tutorialsOf(services: readonly KnownService[]): readonly string[] {
  return services.flatMap(({ name, tutorialEndpoint }) =>
    tutorialEndpoint === undefined ? [] : [`${name}=${tutorialEndpoint}`]
  );
}
