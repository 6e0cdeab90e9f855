/**
 * Reads `[irc]` of the configuration file: what IRC clients are told of the server.
 *
 * @module
 */

import { RECENT_LIMIT } from "../../domain/rooms/recent_talk.ts";
import { DEFAULT_IRC_SETTINGS, type IrcSettings } from "../../service/irc/irc_settings.ts";
import type { ListenOption } from "../endpoints/listen.ts";
import type { OpenBinding } from "../endpoints/listeners.ts";
import type { ConfigFile } from "../options/config_file.ts";
import { readTable } from "../options/config_tables.ts";
import type { Resolved } from "../options/option.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { parseDuration } from "../options/quantity.ts";
import { cannotParse, complain } from "../options/usage_error.ts";
import { lineFault, LONGEST_LINE, readMotd } from "./motd_file.ts";

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
    doc: "what IRC clients are told the server is, in one line, if not --description",
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
 * @param readTextFile As `Deno.readTextFile`.
 * @param general What the server is, to those whom `[irc]` tells nothing else.
 * @throws {UsageError} for anything invalid, or if the message of the day cannot be read.
 */
export async function readIrc(
  file: ConfigFile | undefined,
  listen: readonly Pick<ListenOption, "service" | "endpoint">[],
  readTextFile: (path: string) => Promise<string>,
  general = DEFAULT_IRC_SETTINGS.description,
): Promise<IrcOptions> {
  const keys = readTable(file, "irc", IRC_KEYS);
  const { "server-name": serverName, network, description, motd, replay, sts } = keys;
  return {
    serverName: serverName.value === undefined
      ? await machineName(readTextFile)
      : parseServerName({ ...serverName, value: serverName.value }),
    network: parseNetwork(network),
    description: parseDescription(description) ?? general,
    motd: motd.value === undefined
      ? []
      : await readMotd({ ...motd, value: motd.value }, readTextFile),
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

/** Checks what a server is described as; `undefined` if nothing is. @throws {UsageError} */
export function parseDescription(
  { value, origin }: Resolved<string | undefined>,
): string | undefined {
  if (value === undefined || lineFault(value) === undefined) return value;
  throw cannotParse(
    origin,
    JSON.stringify(value),
    `use one line of at most ${LONGEST_LINE} bytes`,
  );
}

/** The machine's name as a server's name. */
async function machineName(readTextFile: (path: string) => Promise<string>): Promise<string> {
  let name: string;
  try {
    // `Deno.hostname()` would need one more permission.
    name = (await readTextFile(HOSTNAME_FILE)).trim().toLowerCase();
  } catch {
    return DEFAULT_IRC_SETTINGS.serverName;
  }
  if (!/^(?=.{1,50}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(name)) {
    return DEFAULT_IRC_SETTINGS.serverName;
  }
  return name.includes(".") ? name : name + SUFFIX;
}
