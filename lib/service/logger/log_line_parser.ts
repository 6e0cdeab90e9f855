/**
 * Turns log lines into drafts: takes syslog and JSON apart, and keeps any other text as it is.
 *
 * @module
 */

import { isJsonSpace, parseJsonObject } from "../../codec/json_object.ts";
import { levelOfLine } from "../../codec/line_level.ts";
import { levelOfRecord, timeOfRecord } from "../../codec/record_level.ts";
import type { Level } from "../../level.ts";
import { type SyslogMessage, SyslogParser } from "../../codec/syslog.ts";
import type { ToEpoch } from "../../codec/syslog_time.ts";
import { toSourceName } from "../../domain/name.ts";
import { printedText } from "../../domain/text/printed_text.ts";
import type { Draft } from "../../domain/room_event.ts";
import { withoutSecret } from "./controls.ts";

/** Which formats are recognised. */
export type Recognition = "any" | "syslog" | "none";

export interface LogLineParserOptions {
  readonly room: string;
  readonly via: string;
  readonly origin: number;
  /** The source of lines that do not name one. */
  readonly source: string;
  readonly recognition: Recognition;
  /** The clock of the sender's time zone. @default {that of the machine's} */
  readonly toEpoch?: ToEpoch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const LESS_THAN = 0x3c;
const OPENING_BRACE = 0x7b;

/** Source names in the cache. */
const MOST_SOURCES = 1000;

/** Parses the lines of one sender. */
export class LogLineParser {
  /** The source of lines that do not name one. */
  source: string;
  /** Whether it is the source of all lines, whatever they name. */
  isSourceFixed = false;
  readonly #options: LogLineParserOptions;
  readonly #syslog: SyslogParser;
  readonly #sources = new Map<string, string>();
  /** What the last line named, and what that is: most senders name the same in each. */
  #last = { host: "", app: "", source: "" };

  constructor(options: LogLineParserOptions) {
    this.#options = options;
    this.source = options.source;
    this.#syslog = new SyslogParser({ toEpoch: options.toEpoch });
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#options.now();
  }

  /**
   * The draft of a line. No line is dropped.
   *
   * @param received When it arrived, milliseconds since 1970. @default {now}
   */
  toDraft(line: string, received = this.#options.now()): Draft {
    const { room, via, origin, recognition } = this.#options;
    if (recognition !== "none") {
      const first = line.charCodeAt(0);
      if (first === LESS_THAN) {
        const message = this.#syslog.parse(line, received);
        if (message) return this.#fromSyslog(message);
      } else if (recognition === "any" && (first === OPENING_BRACE || isJsonSpace(first))) {
        const fields = parseJsonObject(line);
        if (fields) return this.#fromJson(line, fields);
      }
    }
    const level = recognition === "any" ? levelOfLine(printedText(line)) : undefined;
    const fields = level && { level };
    const body = withoutSecret(line);
    return { room, kind: "log", from: this.source, body, fields, via, origin };
  }

  #fromSyslog({ fields, text }: SyslogMessage): Draft {
    const { room, origin } = this.#options;
    const { host = "", app = "" } = fields;
    const from = this.isSourceFixed ? this.source : this.#sourceOf(host, app);
    const own = text.charCodeAt(0) === OPENING_BRACE ? parseJsonObject(text) : undefined;
    return {
      room,
      kind: "log",
      from,
      body: text,
      // The program knows better than the daemon that passed its record on.
      fields: own ? { ...own, ...fields, ...commonFields(own) } : fields,
      via: "syslog",
      origin,
    };
  }

  /** The body stays as it came: duplicate members, or large numbers, are not in the fields. */
  #fromJson(line: string, fields: Record<string, unknown>): Draft {
    const { room, via, origin } = this.#options;
    Object.assign(fields, commonFields(fields));
    return { room, kind: "log", from: this.source, body: line, fields, via, origin };
  }

  #sourceOf(host: string, app: string): string {
    const last = this.#last;
    if (host === "" && app === "") return this.source;
    if (host === last.host && app === last.app) return last.source;
    const said = host !== "" && app !== "" ? `${host}/${app}` : host + app;
    let name = this.#sources.get(said);
    if (name === undefined) {
      if (this.#sources.size >= MOST_SOURCES) this.#sources.clear();
      this.#sources.set(said, name = toSourceName(said));
    }
    this.#last = { host, app, source: name };
    return name;
  }
}

/** The level and the time of a JSON record, by the names they have here. */
function commonFields(record: Record<string, unknown>): { level?: Level; time?: string } {
  const inner = dockerLine(record);
  const level = levelOfRecord(record) ?? (inner === undefined ? undefined : levelOfText(inner));
  const time = timeOfRecord(record);
  return { ...(level && { level }), ...(time !== undefined && { time }) };
}

/**
 * The line of a program whose output docker wraps:
 * `{"log":"...\n","stream":"stdout","time":"..."}`.
 */
function dockerLine({ log, stream }: Record<string, unknown>): string | undefined {
  return typeof log === "string" && (stream === "stdout" || stream === "stderr") ? log : undefined;
}

function levelOfText(text: string): Level | undefined {
  const record = parseJsonObject(text);
  return record ? levelOfRecord(record) : levelOfLine(printedText(text));
}
