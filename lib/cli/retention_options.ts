/**
 * Reads `[rooms.NAME]` of the configuration file: how much of their past rooms keep.
 *
 * @module
 */

import { DomainError } from "../domain/domain_error.ts";
import { nameKey, parseRoomName } from "../domain/name.ts";
import { type RetentionLimits, RetentionRules } from "../domain/retention.ts";
import type { ConfigFile } from "./config_file.ts";
import { readTables } from "./config_tables.ts";
import type { OptionSpec } from "./option_spec.ts";
import { complain, type Origin } from "./usage_error.ts";
import { parseDuration, parseSize } from "./quantity.ts";

/** What stands for all rooms without a table of their own; no room can be called that. */
const ALL_OTHERS = "*";
const AGES = { least: "1m", most: "5200w" };
const SIZES = { least: "64kB", most: "1000TB" };

/** The keys of a room; `false` is no limit, whatever the others have. */
const ROOM_KEYS = [
  {
    name: "keep-for",
    kind: "string",
    value: "TIME",
    negatable: true,
    doc: "how long events are kept",
  },
  {
    name: "keep-size",
    kind: "string",
    value: "SIZE",
    negatable: true,
    doc: "how much text of a room is kept",
  },
] as const satisfies readonly OptionSpec[];

/**
 * The limits of all rooms. What a room's table does not say is as in `[rooms."*"]`.
 *
 * @throws {UsageError} for anything that does not fit.
 */
export function readRetention(file: ConfigFile | undefined): RetentionRules {
  const tables = readTables(file, "rooms", ROOM_KEYS).map(({ name, origin, keys }) => {
    const age = keys["keep-for"];
    const size = keys["keep-size"];
    const limits: RetentionLimits = {
      ...(age.value === undefined ? {} : {
        maxAgeMs: age.value === false ? undefined : parseDuration(age.value, age.origin, AGES),
      }),
      ...(size.value === undefined ? {} : {
        maxBytes: size.value === false ? undefined : parseSize(size.value, size.origin, SIZES),
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
      throw complain(origin, `The room ${name} is given twice; leave one of them`);
    }
    byRoom.set(key, { ...others, ...limits });
  }
  return new RetentionRules(byRoom, others);
}

/** The name of a room in the file. @throws {UsageError} where it is none. */
export function readRoomName(text: string, origin: Origin): string {
  try {
    return parseRoomName(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw complain(origin, `Cannot use ${JSON.stringify(text)} as a room: ${error.message}`);
  }
}
