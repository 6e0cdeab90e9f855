/**
 * Shared by the commands that read a data directory. They neither lock nor change it, and work
 * whether a server is running there or not.
 *
 * @module
 */

import { parseRoomName } from "../../domain/name.ts";
import { parseTime, TIME_FORMS } from "../../domain/search/search_time.ts";
import { pathsIn } from "../../store/sqlite/data_directory.ts";
import type { LogReader, StoredRoom } from "../../store/sqlite/log_reader.ts";
import type { CommandEnvironment } from "../command.ts";
import { type ConfigFile, readConfigFile } from "../options/config_file.ts";
import type { ParsedArguments } from "../options/flags.ts";
import {
  type OptionSpec,
  type Resolved,
  type ResolvedOptions,
  resolveOptions,
} from "../options/option.ts";
import { cannotParse, UsageError } from "../options/usage_error.ts";
import { CONFIG_OPTION, DATA_OPTION } from "../settings/common_options.ts";

/** Options of every such command, after its own. */
export const READING_OPTIONS = [DATA_OPTION, CONFIG_OPTION] as const;

/** Options of several such commands. */
export const ROOM_OPTION = {
  name: "room",
  kind: "string",
  value: "ROOM",
  doc: "only this room",
} as const satisfies OptionSpec;
export const SINCE_OPTION = {
  name: "since",
  kind: "string",
  value: "TIME",
  doc: `only events from this time on: ${TIME_FORMS}`,
} as const satisfies OptionSpec;
export const UNTIL_OPTION = {
  name: "until",
  kind: "string",
  value: "TIME",
  doc: "only events before this time",
} as const satisfies OptionSpec;

/**
 * Resolves the options of such a command. The configuration file may be the server's; its other
 * options are ignored.
 *
 * @param specs The options without {@linkcode READING_OPTIONS}.
 * @throws {UsageError} for an invalid value.
 */
export async function readingOptions<const Specs extends readonly OptionSpec[]>(
  specs: Specs,
  { flags }: Pick<ParsedArguments, "flags">,
  { env, readTextFile }: Pick<CommandEnvironment, "env" | "readTextFile">,
): Promise<ResolvedOptions<readonly [...Specs, typeof DATA_OPTION]>> {
  const { config } = resolveOptions([CONFIG_OPTION], { flags, env });
  const file = config.value === undefined
    ? undefined
    : await readConfigFile(config.value, readTextFile);
  const all = [...specs, DATA_OPTION] as const;
  return resolveOptions(all, { flags, env, file: file && onlyKnown(file, all) });
}

function onlyKnown(file: ConfigFile, specs: readonly OptionSpec[]): ConfigFile {
  const known = Object.entries(file.values).filter(([key]) =>
    specs.some(({ name }) => name === key)
  );
  return { ...file, values: Object.fromEntries(known) };
}

/**
 * Returns the paths in a data directory.
 *
 * @throws {Error} if it has no log; the message is a sentence that says what to do.
 */
export function dataPaths(directory: string): ReturnType<typeof pathsIn> {
  const paths = pathsIn(directory);
  try {
    // Opened because SQLite does not say why it cannot. No other part of this process has it open.
    Deno.openSync(paths.databasePath).close();
    return paths;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new Error(
        `Cannot read ${directory}: permission denied. Run this as the user of the server.`,
      );
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `There is no log in ${directory}. Give the server's data directory with --data DIR, ` +
        "or start a server to create one.",
    );
  }
}

/**
 * Parses the time of an option, in milliseconds since 1970. @throws {UsageError} if it is not one.
 */
export function momentOf(
  { value, origin }: Resolved<string | undefined>,
  now: number,
): number | undefined {
  if (value === undefined) return undefined;
  const at = parseTime(value, now);
  if (at !== undefined) return at;
  throw cannotParse(origin, JSON.stringify(value), `use ${TIME_FORMS}`);
}

/** Parses a room name, which may begin with `#`. @throws {UsageError} if it is not valid. */
export function roomNameOf(text: string): string {
  try {
    return parseRoomName(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/**
 * Finds a room in the log.
 *
 * @throws {UsageError} if the name is not valid.
 * @throws {Error} if there is no such room.
 */
export function findRoom(log: LogReader, name: string): StoredRoom {
  const room = log.room(roomNameOf(name));
  if (room) return room;
  throw new Error(`There is no room #${name.replace(/^#/, "")} in the log`);
}
