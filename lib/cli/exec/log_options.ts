/**
 * The options of `ssh host log`, and how they have standard input read.
 *
 * @module
 */

import { Charset, isCharset } from "../../codec/charset.ts";
import { isTimeZone } from "../../codec/time_zone.ts";
import type { CommandInput } from "../../server/session/service.ts";
import { type LogReading, readingOf } from "../../service/logger/logger.ts";
import { parseArguments, type ParsedArguments } from "../options/flags.ts";
import { type ResolvedOptions, resolveOptions } from "../options/option.ts";
import { cannotParse, UsageError } from "../options/usage_error.ts";

/** Longest line; what is longer is cut. */
export const MAX_LOG_LINE_BYTES = 64 * 1024;
const FRAMINGS = ["auto", "line", "octet", "raw", "syslog"] as const;

export const LOG_OPTIONS = [
  { name: "source", kind: "string", value: "NAME", doc: "the source of the lines (default: you)" },
  {
    name: "ack",
    kind: "integer",
    value: "N",
    min: 1,
    max: 1_000_000_000,
    doc: "print ack #SEQ for every N lines that are stored",
  },
  {
    name: "from",
    kind: "integer",
    value: "N",
    min: 0,
    max: 1_000_000_000_000,
    doc: "go on after the N lines that were acknowledged; send all lines again",
  },
  {
    name: "framing",
    kind: "choice",
    choices: FRAMINGS,
    default: "auto",
    doc: "how lines are delimited and recognised",
  },
  {
    name: "charset",
    kind: "string",
    value: "NAME",
    doc: "the encoding of lines that are not UTF-8",
  },
  { name: "zone", kind: "string", value: "ZONE", doc: "the time zone of syslog times without one" },
] as const;

export type SendingOptions = ResolvedOptions<typeof LOG_OPTIONS>;

/** How the input of such a command is read. */
export function inputOfLog(words: readonly string[]): CommandInput {
  const input = { maxLineBytes: MAX_LOG_LINE_BYTES, isFloodControlled: false };
  try {
    const options = logOptionsIn(parseArguments(words, LOG_OPTIONS));
    const { framing, isRaw } = logReadingOf(options);
    return { ...input, framing, isRaw, charset: charsetOf(options) };
  } catch (error) {
    // The command will say what is wrong.
    if (error instanceof UsageError) return input;
    throw error;
  }
}

/** How lines are delimited and recognised, as at an endpoint of the logger. */
export function logReadingOf({ framing }: SendingOptions): LogReading {
  return readingOf(new Map([["framing", framing.value]]));
}

/** The encoding of lines that are not UTF-8. */
export function charsetOf({ charset: { value } }: SendingOptions): Charset | undefined {
  return value === undefined ? undefined : new Charset(value);
}

/** The options in the arguments of the command. @throws {UsageError} */
export function logOptionsIn(args: Pick<ParsedArguments, "flags">): SendingOptions {
  const options = resolveOptions(LOG_OPTIONS, { ...args, env: () => undefined });
  const { charset, zone, from, ack, framing } = options;
  if (charset.value !== undefined && !isCharset(charset.value)) {
    throw cannotParse(charset.origin, charset.value, "use an encoding such as gbk or latin1");
  }
  if (zone.value !== undefined && !isTimeZone(zone.value)) {
    throw cannotParse(zone.origin, zone.value, "use a time zone such as Europe/Berlin");
  }
  if (framing.value === "raw" && ack.value !== undefined) {
    throw new UsageError("Option --ack needs lines to count, which --framing raw does not have");
  }
  if (from.value !== undefined && ack.value === undefined) {
    throw new UsageError("Option --from needs --ack as well, as in log build --ack 1000 --from 0");
  }
  return options;
}
