/**
 * Reads `[irc]` of the configuration file: what IRC clients are told of the server.
 *
 * @module
 */

import { RECENT_LIMIT } from "../domain/recent_talk.ts";
import { DEFAULT_IRC_SETTINGS, type IrcSettings } from "../service/irc/irc_context.ts";
import { type ConfigFile, readFailure } from "./config_file.ts";
import { readTable } from "./config_tables.ts";
import type { ListenOption } from "./listen.ts";
import type { OpenBinding } from "./listeners.ts";
import type { Resolved } from "./option.ts";
import type { OptionSpec } from "./option_spec.ts";
import { parseDuration } from "./quantity.ts";
import { cannotParse, complain } from "./usage_error.ts";

/** Longest line of the message of the day, in bytes, so that each fits in a line of IRC. */
const LONGEST_LINE = 400;
const MOST_LINES = 500;
/** Where systems keep the name of the machine. */
const HOSTNAME_FILE = "/etc/hostname";
/** Makes a server's name of a machine's that has no dot. */
const SUFFIX = ".localhost";

const IRC_KEYS = [
  { name: "server-name", kind: "string", value: "NAME", doc: "the name of the server" },
  {
    name: "network",
    kind: "string",
    value: "NAME",
    default: DEFAULT_IRC_SETTINGS.network,
    doc: "the name under which clients list the server",
  },
  {
    name: "description",
    kind: "string",
    value: "TEXT",
    default: DEFAULT_IRC_SETTINGS.description,
    doc: "what the server is, in one line",
  },
  { name: "motd", kind: "string", value: "FILE", doc: "a file with the message of the day" },
  {
    name: "replay",
    kind: "integer",
    value: "N",
    min: 0,
    max: RECENT_LIMIT,
    default: DEFAULT_IRC_SETTINGS.replay,
    doc: "lines of a channel that clients without CHATHISTORY are shown on joining it",
  },
  {
    name: "sts",
    kind: "string",
    value: "TIME",
    doc: "how long clients remember to use nothing but TLS",
  },
] as const satisfies readonly OptionSpec[];

/** What is in the file; the port of `sts` is known once it is open. */
export interface IrcOptions extends Omit<IrcSettings, "sts"> {
  readonly stsSeconds?: number;
}

/** The range of `sts`. Shorter is for trying it. */
const STS_RANGE = { least: "1s", most: "520w" };

/**
 * Reads the settings.
 *
 * @param listen The endpoints. With `sts`, IRC needs one in TLS.
 * @param readTextFile Usually `Deno.readTextFileSync`.
 * @throws {UsageError} for anything invalid, or if the message of the day cannot be read.
 */
export function readIrc(
  file: ConfigFile | undefined,
  listen: readonly Pick<ListenOption, "service" | "endpoint">[],
  readTextFile: (path: string) => string,
): IrcOptions {
  const keys = readTable(file, "irc", IRC_KEYS);
  const { "server-name": serverName, network, description, motd, replay, sts } = keys;
  return {
    serverName: serverName.value === undefined
      ? machineName(readTextFile)
      : parseServerName({ ...serverName, value: serverName.value }),
    network: parseNetwork(network),
    description: parseDescription(description),
    motd: motd.value === undefined ? [] : readMotd({ ...motd, value: motd.value }, readTextFile),
    replay: replay.value,
    ...(sts.value === undefined
      ? {}
      : { stsSeconds: readSts({ ...sts, value: sts.value }, listen) }),
  };
}

/** The settings of a running server. @param listeners Those that are open. */
export function ircSettings(
  { stsSeconds, ...settings }: IrcOptions,
  listeners: readonly Pick<OpenBinding, "binding" | "listener">[],
): IrcSettings {
  const secure = listeners.find(({ binding }) => isSecureIrc(binding));
  if (stsSeconds === undefined || !secure) return settings;
  const port = Number(secure.listener.endpoint.split(":").at(-1));
  return { ...settings, sts: { port, seconds: stsSeconds } };
}

function readSts(
  { value, origin }: Resolved<string>,
  listen: readonly Pick<ListenOption, "service" | "endpoint">[],
): number {
  const seconds = parseDuration(value, origin, STS_RANGE) / 1000;
  if (listen.some(isSecureIrc)) return seconds;
  throw complain(
    origin,
    "Cannot use sts without a port in TLS: add irc=tls://HOST:6697?cert=FILE,key=FILE to listen",
  );
}

function isSecureIrc({ service, endpoint }: Pick<ListenOption, "service" | "endpoint">): boolean {
  return service === "irc" && endpoint.scheme === "tls";
}

/** A name of letters, digits, hyphens and at least one dot: by that, clients know a server. */
function parseServerName({ value, origin }: Resolved<string>): string {
  const isName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)+$/i.test(value);
  if (isName && value.length <= 63) return value;
  throw cannotParse(
    origin,
    JSON.stringify(value),
    "use a name with a dot, such as irc.example.org, of at most 63 letters, digits and hyphens",
  );
}

function parseNetwork({ value, origin }: Resolved<string>): string {
  if (/^[!-~]{1,32}$/.test(value)) return value;
  throw cannotParse(
    origin,
    JSON.stringify(value),
    "use one word of at most 32 letters, digits and punctuation, without spaces",
  );
}

function parseDescription({ value, origin }: Resolved<string>): string {
  if (isText(value) && byteLength(value) <= LONGEST_LINE) return value;
  throw cannotParse(
    origin,
    JSON.stringify(value),
    `use one line of at most ${LONGEST_LINE} bytes`,
  );
}

function readMotd(
  { value: path, origin }: Resolved<string>,
  readTextFile: (path: string) => string,
): readonly string[] {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = readFailure(error);
    throw complain(origin, `Cannot read ${origin.label} ${JSON.stringify(path)}: ${reason}`);
  }
  const lines = text.replace(/^\uFEFF/, "").trimEnd().split(/\r?\n/)
    .map((line) => line.replaceAll("\t", "    ").trimEnd());
  const complainAbout = (fault: string) =>
    complain(origin, `Cannot use ${origin.label} ${JSON.stringify(path)}: ${fault}`);
  if (lines.length > MOST_LINES) {
    throw complainAbout(`it has ${lines.length} lines; leave at most ${MOST_LINES}`);
  }
  for (const [index, line] of lines.entries()) {
    if (!isText(line)) {
      throw complainAbout(`line ${index + 1} is not text in UTF-8; save it as plain text`);
    }
    if (byteLength(line) > LONGEST_LINE) {
      throw complainAbout(`line ${index + 1} is longer than ${LONGEST_LINE} bytes; break it`);
    }
  }
  return lines.length === 1 && lines[0] === "" ? [] : lines;
}

/** The machine's name as a server's name. */
function machineName(readTextFile: (path: string) => string): string {
  let name: string;
  try {
    // `Deno.hostname()` would need one more permission.
    name = readTextFile(HOSTNAME_FILE).trim().toLowerCase();
  } catch {
    return DEFAULT_IRC_SETTINGS.serverName;
  }
  if (!/^(?=.{1,50}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(name)) {
    return DEFAULT_IRC_SETTINGS.serverName;
  }
  return name.includes(".") ? name : name + SUFFIX;
}

/** Whether nothing in it would mean something else in a line of IRC; colours may be there. */
function isText(text: string): boolean {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return !/[\0\x01\x07\r\n\x1b\ufffd]/.test(text);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
