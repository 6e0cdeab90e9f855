/**
 * Reads `[rooms.NAME]` of the configuration file: how much history each room keeps.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { nameKey, parseRoomName } from "../../domain/name.ts";
import { type RetentionLimits, RetentionRules } from "../../domain/retention/retention.ts";
import type { ConfigFile } from "../options/config_file.ts";
import { readTables } from "../options/config_tables.ts";
import type { OptionSpec } from "../options/option_spec.ts";
import { complain, type Origin } from "../options/usage_error.ts";
import { parseDuration, parseSize } from "../options/quantity.ts";

/** Stands for all rooms without a table of their own. It is not a valid room name. */
const ALL_OTHERS = "*";
const AGE_RANGE = { least: "1m", most: "5200w" };
const SIZE_RANGE = { least: "64kB", most: "1000TB" };

/** The keys of a room. `false` means no limit, even if `[rooms."*"]` has one. */
const ROOM_KEYS = [
  {
    name: "keep-for",
    kind: "string",
    value: "TIME",
    negatable: true,
    doc: "how long to keep events",
  },
  {
    name: "keep-size",
    kind: "string",
    value: "SIZE",
    negatable: true,
    doc: "how much text of a room to keep",
  },
] as const satisfies readonly OptionSpec[];

/**
 * Reads the limits of all rooms. Keys that a room does not set come from `[rooms."*"]`.
 *
 * @throws {UsageError} for anything invalid.
 */
export function readRetention(file: ConfigFile | undefined): RetentionRules {
  const tables = readTables(file, "rooms", ROOM_KEYS).map(({ name, origin, keys }) => {
    const age = keys["keep-for"];
    const size = keys["keep-size"];
    const limits: RetentionLimits = {
      ...(age.value === undefined ? {} : {
        maxAgeMs: age.value === false ? undefined : parseDuration(age.value, age.origin, AGE_RANGE),
      }),
      ...(size.value === undefined ? {} : {
        maxBytes: size.value === false ? undefined : parseSize(size.value, size.origin, SIZE_RANGE),
      }),
    };
    return { name: name === ALL_OTHERS ? name : readRoomName(name, origin), origin, limits };
  });
  const others = tables.find(({ name }) => name === ALL_OTHERS)?.limits ?? {};
  const byRoom = new Map<string, RetentionLimits>();
  for (const { name, origin, limits } of tables) {
    if (name === ALL_OTHERS) continue;
    const key = nameKey(name);
    if (byRoom.has(key)) {
      throw complain(origin, `Room ${name} is configured twice; remove one of the tables`);
    }
    byRoom.set(key, { ...others, ...limits });
  }
  return new RetentionRules(byRoom, others);
}

/** Parses the name of a room in the file. @throws {UsageError} if it is not valid. */
export function readRoomName(text: string, origin: Origin): string {
  try {
    return parseRoomName(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw complain(origin, `Cannot use ${JSON.stringify(text)} as a room: ${error.message}`);
  }
}
