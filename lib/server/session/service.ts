/**
 * The contract of services: a service is a function over the lines of a session and, if it takes
 * datagrams, another one over a line.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import type { LineDamage } from "../../codec/line_decoder.ts";
import type { Framing } from "../framing/framing.ts";
import type { HttpDetection, RefusedPeer } from "../framing/wrong_protocol.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";

/** Serves many sessions at a time. */
export interface Service {
  /** Its name in `--listen NAME=ENDPOINT`. */
  readonly name: string;
  /** Longest line in bytes, unless the endpoint says otherwise. */
  readonly maxLineBytes: number;
  /**
   * Longest line, in bytes, within a text of several lines. The framer then cuts lines only here,
   * and the service refuses single lines over `maxLineBytes`: see {@linkcode Session.isTooLong}.
   *
   * @default {`maxLineBytes`}
   */
  readonly maxBlockLineBytes?: number;
  /**
   * Whether fast senders are slowed down, according to the server's options. For services where
   * people read: nobody reads a hundred lines a second.
   */
  readonly isFloodControlled?: boolean;
  /** How its peers are told why a session ends, given the line for people: `! Goodbye.` */
  phrase?(line: string): string;
  /**
   * Whether a line does not count for flood control, because nobody else notices it: an answer to
   * the server, say. It still waits for its turn.
   */
  isUncounted?(line: string): boolean;
  /**
   * Whether lines of telnet clients may be edited here, key by key. For services that print while
   * somebody types. All others only answer the client's negotiation.
   */
  readonly editsLines?: boolean;
  /**
   * Whether its peers are programs, which do not send telnet except on telnet endpoints; on others,
   * telnet bytes are kept as they are.
   */
  readonly isForPrograms?: boolean;
  /** The framing of an endpoint with these options. @default {"line"} */
  framing?(options: ReadonlyMap<string, string>): Framing;
  /** The encoding of lines that are not UTF-8, at an endpoint with these options. @default {UTF-8} */
  charset?(options: ReadonlyMap<string, string>): Charset | undefined;
  /** How an endpoint with these options detects HTTP requests. @default {"request line"} */
  httpDetection?(options: ReadonlyMap<string, string>): HttpDetection;
  /** Called when a peer that spoke another protocol is gone. */
  noteRefusal?(peer: RefusedPeer): void;
  /** Serves a peer until its lines end. Everything sent by then still reaches the peer. */
  serve(session: Session): Promise<void>;
  /**
   * Runs a command for a peer, in place of `serve`, and resolves to its exit status. Absent if there
   * are none.
   */
  runCommand?(session: Session, program: Program): Promise<number>;
  /** How the lines are read that the peer pipes into a command. @default {as those of a session} */
  commandInput?(command: string): CommandInput;
  /**
   * Takes a line of a datagram, without its end, and returns the answer, if any. There is no
   * session: the sender may be forged, and the answer may get lost or be left out (see
   * `serve_datagrams.ts`). A service without this method takes no datagrams.
   */
  hear?(line: string, source: DatagramSource): string | undefined;
  /**
   * Takes a whole datagram, in place of `hear`, and answers nothing. Returns what to await before
   * the next one is received. The bytes are valid until this returns.
   */
  takeDatagram?(bytes: Uint8Array, origin: DatagramOrigin): Promise<unknown> | undefined;
  /** Reports datagrams that were dropped before the service saw them. */
  noteDrops?(drops: DatagramDrops): void;
}

/** The commands of a service. */
export interface Programs {
  /** As `Service.runCommand`. */
  run(session: Session, program: Program): Promise<number>;
  /** As `Service.commandInput`. */
  inputOf(command: string): CommandInput;
}

/** How lines are read, where that differs from other lines of the service. */
export interface CommandInput extends Partial<Pick<Service, "maxLineBytes" | "isFloodControlled">> {
  readonly framing?: Framing;
  readonly charset?: Charset;
  /** Whether bytes are read instead of lines. */
  readonly isRaw?: boolean;
}

/** Where a datagram came from. */
export interface DatagramOrigin {
  /** The sender, for people and logs: `127.0.0.1:5555`, the path of a socket, or `unixgram`. */
  readonly remote: string;
  /** The part of `remote` that identifies the sender's machine or socket. */
  readonly address: string;
  /** The endpoint's scheme, e.g. `udp`. */
  readonly scheme: string;
  /** The options of the endpoint that are for the service, e.g. `room`. */
  readonly endpointOptions: ReadonlyMap<string, string>;
  /** Longest line in bytes. */
  readonly maxLineBytes: number;
}

/** Where a line of a datagram came from. */
export interface DatagramSource extends DatagramOrigin {
  /** The damage to the line; `undefined` for none. */
  readonly damage: LineDamage | undefined;
}

/** Datagrams that were dropped. */
export interface DatagramDrops extends Pick<DatagramOrigin, "scheme" | "endpointOptions"> {
  /** How many. */
  readonly datagrams: number;
  /** Whether the system dropped them, or their senders' addresses are not allowed. */
  readonly reason: "dropped" | "address";
  /** The socket that they were sent to, e.g. `udp://127.0.0.1:514`. */
  readonly endpoint: string;
}
