/**
 * Text as senders send it, made into drafts of log lines: syslog and JSON taken apart, all else as
 * it is.
 *
 * @module
 */

import { isJsonSpace, parseJsonObject } from "../../codec/json_object.ts";
import { levelOf } from "../../level.ts";
import { type SyslogMessage, SyslogParser } from "../../codec/syslog.ts";
import { toSourceName } from "../../domain/name.ts";
import type { Draft } from "../../domain/room_event.ts";

/** What lines are looked at for. */
export type Recognition = "any" | "syslog" | "none";

export interface LogLineParserOptions {
  readonly room: string;
  readonly via: string;
  readonly origin: number;
  /** What the lines are from that do not say so themselves. */
  readonly source: string;
  readonly recognition: Recognition;
  /** The time of day, milliseconds since 1970. */
  readonly now: () => number;
}

const LESS_THAN = 0x3c;
const OPENING_BRACE = 0x7b;

/** Where JSON loggers write how grave it is; the first that has a level counts. */
const LEVEL_KEYS = ["level", "severity", "lvl", "log.level", "PRIORITY"];
/** Sources remembered, with the names made of them. */
const MOST_SOURCES = 1000;

/** Makes drafts of the lines of one sender. */
export class LogLineParser {
  /** What the lines are from that do not say so themselves. */
  source: string;
  /** Whether they all are, whatever they say. */
  isSourceFixed = false;
  readonly #options: LogLineParserOptions;
  readonly #syslog = new SyslogParser();
  readonly #sources = new Map<string, string>();

  constructor(options: LogLineParserOptions) {
    this.#options = options;
    this.source = options.source;
  }

  /** The draft of a line. Whatever it is, it is kept. */
  toDraft(line: string): Draft {
    const { room, via, origin, recognition } = this.#options;
    if (recognition !== "none") {
      const first = line.charCodeAt(0);
      if (first === LESS_THAN) {
        const message = this.#syslog.parse(line, this.#options.now());
        if (message) return this.#fromSyslog(message);
      } else if (recognition === "any" && (first === OPENING_BRACE || isJsonSpace(first))) {
        const fields = parseJsonObject(line);
        if (fields) return this.#fromJson(line, fields);
      }
    }
    return { room, kind: "log", from: this.source, body: line, fields: undefined, via, origin };
  }

  #fromSyslog({ fields, text }: SyslogMessage): Draft {
    const { room, origin } = this.#options;
    const { host = "", app = "" } = fields;
    const from = this.isSourceFixed ? this.source : this.#sourceOf(host, app);
    return {
      room,
      kind: "log",
      from,
      body: text,
      fields: fields as unknown as Record<string, unknown>,
      via: "syslog",
      origin,
    };
  }

  /** The body stays as it came: what an object has twice, or as a large number, is not in fields. */
  #fromJson(line: string, fields: Record<string, unknown>): Draft {
    const { room, via, origin } = this.#options;
    for (const key of LEVEL_KEYS) {
      const level = Object.hasOwn(fields, key) ? levelOf(fields[key]) : undefined;
      if (level === undefined) continue;
      fields.level = level;
      break;
    }
    return { room, kind: "log", from: this.source, body: line, fields, via, origin };
  }

  #sourceOf(host: string, app: string): string {
    const said = host !== "" && app !== "" ? `${host}/${app}` : host + app;
    if (said === "") return this.source;
    let name = this.#sources.get(said);
    if (name === undefined) {
      if (this.#sources.size >= MOST_SOURCES) this.#sources.clear();
      this.#sources.set(said, name = toSourceName(said));
    }
    return name;
  }
}
