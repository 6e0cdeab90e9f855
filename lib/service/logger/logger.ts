/**
 * The logger: the lines sent to a port become events of a room, numbered and stored, and the people
 * in the room see them.
 *
 * @module
 */

import type { AccessControl } from "../../domain/access/access_control.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import type { Clock } from "../../clock.ts";
import { Charset } from "../../codec/charset.ts";
import type { ToEpoch } from "../../codec/syslog_time.ts";
import { clockOfZone } from "../../codec/time_zone.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { parseRoomName, toSourceName } from "../../domain/name.ts";
import type { RoomHistory } from "../../domain/history/room_history.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { DatagramDrops, DatagramOrigin, Service } from "../../server/session/service.ts";
import type { Framing } from "../../server/framing/framing.ts";
import type { Session } from "../../server/session/session.ts";
import type { HttpDetection, RefusedPeer } from "../../server/framing/wrong_protocol.ts";
import { shownText } from "../shown_text.ts";
import { DatagramRecorder } from "./datagram_recorder.ts";
import type { Recognition } from "./log_line_parser.ts";
import { LogConnection } from "./log_connection.ts";
import { Senders } from "./senders.ts";

/** The room of endpoints that name none. */
const DEFAULT_ROOM = "log";

export interface LoggerOptions {
  readonly registry: RoomRegistry;
  readonly log: RoomHistory;
  readonly access: AccessControl;
  /** Senders may act as accounts with these. */
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** The origins of this run begin with this number. */
  readonly firstOrigin: number;
  /** Takes each line received, without its end; nothing is printed without it. */
  readonly print?: (line: string) => void;
}

/** The meaning of `framing=...`. */
export interface LogReading {
  readonly framing: Framing;
  readonly recognition: Recognition;
  readonly hasControls: boolean;
  readonly isRaw: boolean;
}

const READINGS: Readonly<Record<string, LogReading>> = {
  auto: { framing: "auto", recognition: "any", hasControls: true, isRaw: false },
  line: { framing: "line", recognition: "none", hasControls: true, isRaw: false },
  octet: { framing: "octet", recognition: "any", hasControls: false, isRaw: false },
  syslog: { framing: "auto", recognition: "syslog", hasControls: false, isRaw: false },
  raw: { framing: "line", recognition: "none", hasControls: false, isRaw: true },
};

type EndpointOptions = ReadonlyMap<string, string>;

/** Serves all senders, on every kind of endpoint. */
export class Logger implements Service {
  readonly name = "logger";
  readonly maxLineBytes = 64 * 1024;
  readonly isForPrograms = true;
  readonly #options: LoggerOptions;
  readonly #senders = new Senders();
  readonly #datagrams: DatagramRecorder;
  /** Those of the endpoints, shared by all of their senders. */
  readonly #charsets = new Map<string, Charset>();
  readonly #zones = new Map<string, ToEpoch>();

  constructor(options: LoggerOptions) {
    const { print } = options;
    // The output may be a terminal, which no sender may control.
    const harmless = print && ((line: string) => print(shownText(line)));
    this.#options = { ...options, print: harmless };
    this.#datagrams = new DatagramRecorder(this.#options);
  }

  /** The framing of an endpoint. */
  framing(options: EndpointOptions): Framing {
    return readingOf(options).framing;
  }

  /** The encoding of senders that do not write UTF-8. */
  charset(options: EndpointOptions): Charset | undefined {
    return known(this.#charsets, options.get("charset"), (label) => new Charset(label));
  }

  /** Looks for HTTP only if the log's form is unknown, and only for requests with a header. */
  httpDetection(options: EndpointOptions): HttpDetection {
    return readingOf(options) === READINGS.auto ? "headers" : "none";
  }

  /** Records what a peer of another protocol sent. */
  noteRefusal({ address, context, endpointOptions, bytes }: RefusedPeer): void {
    this.#options.registry.recordLoss({
      room: roomOf(endpointOptions),
      source: toSourceName(address.replace("#", "-")),
      reason: "protocol",
      via: context.transport,
      bytes,
    });
  }

  async serve(session: Session): Promise<void> {
    const { print } = this.#options;
    const { remote } = session.context;
    print?.(`Got connection from ${remote}`);
    try {
      const { endpointOptions } = session;
      const room = roomOf(endpointOptions);
      const reading = readingOf(endpointOptions);
      const senders = this.#senders;
      const needsToken = endpointOptions.get("token") === "required";
      const options = { ...this.#options, ...reading, ...this.#locale(endpointOptions) };
      await new LogConnection(session, { ...options, room, senders, needsToken }).serve();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      session.send(`! ${error.message}`);
    } finally {
      print?.(`${remote} disconnected`);
    }
  }

  /** Takes a datagram: a syslog message, or lines. */
  takeDatagram(bytes: Uint8Array, origin: DatagramOrigin): Promise<void> | undefined {
    const { endpointOptions } = origin;
    const reading = { ...readingOf(endpointOptions), ...this.#locale(endpointOptions) };
    try {
      this.#datagrams.record(bytes, origin, { ...reading, room: roomOf(endpointOptions) });
    } catch (error) {
      // The sender cannot be told.
      if (!(error instanceof DomainError)) throw error;
    }
    return this.#options.registry.backpressure();
  }

  /** Records datagrams that were dropped. */
  noteDrops({ datagrams, reason, endpoint, scheme, endpointOptions }: DatagramDrops): void {
    const room = roomOf(endpointOptions);
    const loss = { room, source: endpoint, reason, via: scheme, datagrams };
    this.#options.registry.recordLoss(loss);
  }

  /** How the senders of an endpoint write text and times. */
  #locale(options: EndpointOptions) {
    const zone = options.get("zone");
    const toEpoch = known(this.#zones, zone, clockOfZone);
    return { charset: this.charset(options), zone, toEpoch };
  }
}

/** The value for a key, created when it is first asked for. */
function known<Value>(
  values: Map<string, Value>,
  key: string | undefined,
  create: (key: string) => Value,
): Value | undefined {
  if (key === undefined) return undefined;
  let value = values.get(key);
  if (value === undefined) values.set(key, value = create(key));
  return value;
}

/** How the lines of an endpoint are read. */
export function readingOf(options: EndpointOptions): LogReading {
  return READINGS[options.get("framing") ?? "auto"] ?? READINGS.auto;
}

/** @throws {DomainError} if the endpoint names an invalid room. */
function roomOf(options: EndpointOptions): string {
  return parseRoomName(options.get("room") ?? DEFAULT_ROOM);
}
