/**
 * What a port says: a service is one function over the lines of a session, and, if it takes
 * datagrams too, one over a line.
 *
 * @module
 */

import type { LineDamage } from "./framing.ts";
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
  /** Talks with a peer until its lines end; what was sent by then still reaches it. */
  serve(session: Session): Promise<void>;
  /**
   * Takes a line that came in a datagram, without its end, and returns the answer if there is one.
   * There is no session: the sender may never be heard of again, its name may be forged, and the
   * answer may get lost or be left out (see `serve_datagrams.ts`). A service without this member
   * takes no datagrams.
   */
  hear?(line: string, source: DatagramSource): string | undefined;
}

/** Where a line came from that came in a datagram. */
export interface DatagramSource {
  /** The sender, for people and logs: `127.0.0.1:5555`, the path of a socket, or `unixgram`. */
  readonly remote: string;
  /** The part of `remote` that identifies the sender's machine or socket. */
  readonly address: string;
  /** What the endpoint says to the service, e.g. `room`. */
  readonly endpointOptions: ReadonlyMap<string, string>;
  /** What had to be done to this line to keep it; `undefined` for nothing. */
  readonly damage: LineDamage | undefined;
}
