/**
 * Log lines in datagrams. A datagram that begins like a syslog message is one message, including
 * any newlines (RFC 5426 section 3.1); any other holds lines.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import { withoutCount } from "../../codec/octet_count.ts";
import { endOfPriority } from "../../codec/syslog.ts";
import type { ToEpoch } from "../../codec/syslog_time.ts";
import { decodeWhole, unfinishedBytes } from "../../codec/utf8.ts";
import { toSourceName } from "../../domain/name.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import { type DatagramLine, readDatagramLines } from "../../server/datagrams/datagram_lines.ts";
import type { DatagramOrigin } from "../../server/session/service.ts";
import { parseControl, withoutSecret } from "./controls.ts";
import { sumDamage } from "./line_recorder.ts";
import { LogLineParser, type Recognition } from "./log_line_parser.ts";

export interface DatagramRecorderOptions {
  readonly registry: RoomRegistry;
  readonly clock: { now(): number };
  readonly firstOrigin: number;
  readonly print?: (line: string) => void;
}

/** The settings of the endpoint. */
export interface DatagramReading {
  readonly room: string;
  /** Whether a datagram is one piece, whatever it contains. */
  readonly isRaw: boolean;
  readonly recognition: Recognition;
  readonly charset?: Charset;
  /** The name of the senders' time zone, and its clock. @default {the machine's} */
  readonly zone?: string;
  readonly toEpoch?: ToEpoch;
}

/** Writes the lines of datagrams into rooms. */
export class DatagramRecorder {
  readonly #options: DatagramRecorderOptions;
  /** One for each kind of endpoint. */
  readonly #parsers = new Map<string, LogLineParser>();

  constructor(options: DatagramRecorderOptions) {
    this.#options = options;
  }

  record(datagram: Uint8Array, origin: DatagramOrigin, reading: DatagramReading): void {
    const { registry, print } = this.#options;
    const { room, recognition, isRaw, charset } = reading;
    const bytes = recognition === "none" ? datagram : withoutCount(withoutNul(datagram));
    const { scheme: via, maxLineBytes } = origin;
    const parser = this.#parserOf(origin, reading);
    parser.source = toSourceName(origin.address);
    const isMessage = isRaw || recognition === "syslog" ||
      (recognition === "any" && beginsWithPriority(bytes));
    const lines = isMessage
      ? [readWhole(bytes, maxLineBytes, charset)]
      : readDatagramLines(bytes, maxLineBytes, charset);
    const name = isMessage || lines.length < 2 ? undefined : parseControl(lines[0].text);
    if (name?.kind === "name") {
      parser.source = name.name;
      lines.shift();
    }
    const asker = { nickname: parser.source, address: origin.address, capacity: "log" } as const;
    for (const { text, damage } of lines) {
      print?.(withoutSecret(text));
      registry.record(asker, room, [parser.toDraft(text)]);
      for (const own of damage ? sumDamage([damage]) : []) {
        registry.recordLoss({ ...own, room, source: parser.source, via });
      }
    }
  }

  #parserOf({ scheme: via, address }: DatagramOrigin, reading: DatagramReading): LogLineParser {
    const { room, recognition, zone, toEpoch } = reading;
    const key = JSON.stringify([via, room, recognition, zone]);
    let parser = this.#parsers.get(key);
    if (!parser) {
      const { firstOrigin: origin, clock } = this.#options;
      parser = new LogLineParser({
        room,
        via,
        origin,
        source: address,
        recognition,
        toEpoch,
        now: () => clock.now(),
      });
      this.#parsers.set(key, parser);
    }
    return parser;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/** The length of `<191>`, the longest priority. */
const PRIORITY_BYTES = 5;

function beginsWithPriority(bytes: Uint8Array): boolean {
  return endOfPriority(String.fromCharCode(...bytes.subarray(0, PRIORITY_BYTES))) !== -1;
}

/** A whole datagram as one line, without a newline at its end. */
function readWhole(bytes: Uint8Array, maxBytes: number, charset?: Charset): DatagramLine {
  const line = withoutLineEnd(bytes);
  let kept = line.subarray(0, maxBytes);
  if (kept.length < line.length) kept = kept.subarray(0, kept.length - unfinishedBytes(kept));
  const { text, repairs } = charset?.decode(kept) ?? decodeWhole(kept);
  const cutBytes = line.length - kept.length;
  return { text, damage: cutBytes + repairs > 0 ? { cutBytes, repairs } : undefined };
}

/** Without the NUL that some senders put at the end of a message, as they do on a stream. */
function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== LF) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CR ? -2 : -1);
}
