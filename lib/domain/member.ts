/**
 * A person in a room, as the room and its other members see them.
 *
 * @module
 */

/** A session, or a bridge, that is in rooms. */
export interface Member {
  /** The session's number, stamped on the events it causes. */
  readonly origin: number;
  readonly nickname: string;
  /** How it is connected, e.g. `telnet`. */
  readonly via: string;
}
