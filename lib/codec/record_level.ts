/**
 * The level and time of a JSON log record, by the conventions of common logging libraries.
 *
 * @module
 */

import { type Level, levelOf } from "../level.ts";

type JsonRecord = Readonly<Record<string, unknown>>;

/** Fields with the name of a level, the most specific convention first; dots lead into objects. */
const NAME_KEYS = [
  "level_name", // Monolog, whose "level" is a number of its own
  "levelname", // Python
  "level",
  "severity",
  "lvl",
  "log.level", // Elastic Common Schema
  "@l", // Serilog, compact
  "Level", // Serilog, log4j2
  "LogLevel", // .NET
  "severityText", // OpenTelemetry
  "SeverityText",
  "loglevel",
  "log_level",
  "PRIORITY", // journald
  "syslog.severity",
] as const;

/** Monolog's numbers, in hundreds from 100, with 250 and 550 between them. */
const MONOLOG: ReadonlyMap<number, Level> = new Map<number, Level>([
  [100, "debug"],
  [200, "info"],
  [250, "notice"],
  [300, "warning"],
  [400, "err"],
  [500, "crit"],
  [550, "alert"],
  [600, "emerg"],
]);
/** MongoDB's letters; D1 to D5 are debug, too. */
const MONGODB: Readonly<Record<string, Level>> = { F: "crit", E: "err", W: "warning", I: "info" };
/** Nextcloud's numbers, from 0. */
const NEXTCLOUD: readonly Level[] = ["debug", "info", "warning", "err", "crit"];

/** The level of a JSON record; `undefined` if it has none. */
export function levelOfRecord(record: JsonRecord): Level | undefined {
  for (const key of NAME_KEYS) {
    const value = valueAt(record, key);
    if (value === undefined) continue;
    const level = typeof value === "number"
      ? levelOfNumber(value, key, record)
      : levelOfName(value);
    if (level !== undefined) return level;
  }
  return levelOfMongoDb(record) ?? levelOfSeverityNumber(record);
}

/** The time that a JSON record gives, as RFC 3339; `undefined` if it has none. */
export function timeOfRecord(record: JsonRecord): string | undefined {
  for (
    const key of ["time", "@timestamp", "@t", "timestamp", "Timestamp", "ts", "t.$date", "date"]
  ) {
    const time = toRfc3339(valueAt(record, key));
    if (time !== undefined) return time;
  }
  return undefined;
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/;

/** A time with its zone, or seconds, milliseconds or nanoseconds since 1970, as RFC 3339. */
function toRfc3339(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (!RFC3339.test(value)) return undefined;
    return value.replace(/^(.{10})[t ]/, "$1T").replace(",", ".").replace(/z$/, "Z")
      .replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
  }
  if (typeof value !== "number") return undefined;
  // From 2001 to 2286 the numbers of the units do not overlap.
  const unit = [1000, 1, 1e-3, 1e-6].find((factor) =>
    value * factor >= 1e12 && value * factor < 1e13
  );
  return unit === undefined ? undefined : new Date(value * unit).toISOString();
}

/** The value of a field, or of one in an object of its name: `log.level` is either. */
function valueAt(record: JsonRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  const dot = path.indexOf(".");
  if (dot === -1) return undefined;
  const outer = Object.hasOwn(record, path.slice(0, dot)) ? record[path.slice(0, dot)] : undefined;
  const isObject = typeof outer === "object" && outer !== null && !Array.isArray(outer);
  return isObject ? valueAt(outer as JsonRecord, path.slice(dot + 1)) : undefined;
}

// deno-lint-ignore no-control-regex -- the colours that winston and zap put on a level
const COLOURS = /\x1b\[[\d;]*m/g;

/** The level for a name in any colour, perhaps with the offset that Go's slog adds: `INFO+2`. */
export function levelOfName(value: unknown): Level | undefined {
  if (typeof value !== "string") return undefined;
  return levelOf(value.replace(COLOURS, "").replace(/[+-]\d{1,3}$/, ""));
}

function levelOfNumber(value: number, key: string, record: JsonRecord): Level | undefined {
  if (key !== "level") return levelOf(value);
  if (Object.hasOwn(record, "reqId") && Object.hasOwn(record, "remoteAddr")) {
    return NEXTCLOUD[value];
  }
  // Syslog's 0 means that the machine is going down. Only GELF uses it so; elsewhere a bare 0 is
  // the lowest level.
  if (value === 0) return Object.hasOwn(record, "short_message") ? "emerg" : "debug";
  return MONOLOG.get(value) ?? levelOf(value);
}

function levelOfMongoDb({ s, c, msg }: JsonRecord): Level | undefined {
  if (typeof s !== "string" || typeof c !== "string" || typeof msg !== "string") return undefined;
  return Object.hasOwn(MONGODB, s) ? MONGODB[s] : /^D[1-5]?$/.test(s) ? "debug" : undefined;
}

/** OpenTelemetry's numbers: 1 to 24, four for each of trace, debug, info, warn, error and fatal. */
function levelOfSeverityNumber(record: JsonRecord): Level | undefined {
  const value = record.severityNumber ?? record.SeverityNumber;
  if (typeof value !== "number" || !(value >= 1 && value <= 24)) return undefined;
  const names = ["debug", "debug", "info", "warning", "err", "crit"] as const;
  return names[Math.floor((value - 1) / 4)];
}
