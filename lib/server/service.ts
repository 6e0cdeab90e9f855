/**
 * What a port says: a service is one function over the lines of a session, and, if it takes
 * datagrams too, one over a line.
 *
 * @module
 */

import type { LineDamage } from "../codec/line_decoder.ts";
import type { Framing } from "./framing.ts";
import type { Session } from "./session.ts";

/** Serves one session after another, many at a time. */
export interface Service {
  /** What `--listen NAME=ENDPOINT` calls it. */
  readonly name: string;
  /** Longest line in bytes, unless the endpoint says otherwise. */
  readonly maxLineBytes: number;
  /**
   * Whether fast senders are slowed down, as the server's options say. For services with people at
   * both ends: nobody reads a hundred lines a second.
   */
  readonly isFloodControlled?: boolean;
  /**
   * Whether clients of telnet are offered to have their lines edited here, key by key. For services
   * that print while somebody types; all others answer what telnet asks, and offer nothing.
   */
  readonly editsLines?: boolean;
  /**
   * Whether its peers are programs, which send no telnet unless the endpoint is one of telnet:
   * anywhere else its bytes are kept like all others.
   */
  readonly isForPrograms?: boolean;
  /**
   * How the peers of an endpoint with these options tell their lines apart.
   *
   * @default {by newlines}
   */
  framing?(options: ReadonlyMap<string, string>): Framing;
  /** Talks with a peer until its lines end; what was sent by then still reaches it. */
  serve(session: Session): Promise<void>;
  /**
   * Takes a line that came in a datagram, without its end, and returns the answer if there is one.
   * There is no session: the sender may never be heard of again, its name may be forged, and the
   * answer may get lost or be left out (see `serve_datagrams.ts`). A service without this member
   * takes no datagrams.
   */
  hear?(line: string, source: DatagramSource): string | undefined;
  /**
   * Takes a datagram whole, in place of `hear`, and answers nothing. Returns what has to be awaited
   * before the next one is received. The bytes are the service's only until this returns.
   */
  takeDatagram?(bytes: Uint8Array, origin: DatagramOrigin): Promise<unknown> | undefined;
  /** Hears of datagrams that came and that the system had no room for. */
  noteDrops?(drops: DatagramDrops): void;
}

/** Where a datagram came from. */
export interface DatagramOrigin {
  /** The sender, for people and logs: `127.0.0.1:5555`, the path of a socket, or `unixgram`. */
  readonly remote: string;
  /** The part of `remote` that identifies the sender's machine or socket. */
  readonly address: string;
  /** The endpoint's scheme, e.g. `udp`. */
  readonly scheme: string;
  /** What the endpoint says to the service, e.g. `room`. */
  readonly endpointOptions: ReadonlyMap<string, string>;
  /** Longest line in bytes. */
  readonly maxLineBytes: number;
}

/** Where a line came from that came in a datagram. */
export interface DatagramSource extends DatagramOrigin {
  /** What had to be done to this line to keep it; `undefined` for nothing. */
  readonly damage: LineDamage | undefined;
}

/** Datagrams that nobody has seen. */
export interface DatagramDrops extends Pick<DatagramOrigin, "scheme" | "endpointOptions"> {
  readonly datagrams: number;
  /** The socket that they were sent to, e.g. `udp://127.0.0.1:514`. */
  readonly endpoint: string;
}
