/**
 * What a port says: a service is one function over the lines of a session.
 *
 * @module
 */

import type { Session } from "./session.ts";

/** Serves one session after another, many at a time. */
export interface Service {
  /** What `--listen NAME=ENDPOINT` calls it. */
  readonly name: string;
  /** Longest line in bytes, unless the endpoint says otherwise. */
  readonly maxLineBytes: number;
  /** Talks with a peer until its lines end; what was sent by then still reaches it. */
  serve(session: Session): Promise<void>;
}
