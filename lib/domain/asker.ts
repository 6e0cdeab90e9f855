/**
 * Who wants to read or do something.
 *
 * @module
 */

/**
 * In what capacity somebody asks: as a person in the chat, as a program with an API token, as a
 * sender of log lines at an endpoint that the operator has opened for a room, as the alerts, or as
 * anybody who can reach the web port.
 */
export type Capacity = "person" | "token" | "log" | "alert" | "stranger";

/** Everything that permissions depend on about somebody. */
export interface Asker {
  /** The name in use, or the source of log lines; `""` for none. */
  readonly nickname: string;
  /** Key of the account that was proven; see `nameKey`. */
  readonly account?: string;
  /** Whether the account is an operator of the server. */
  readonly isOperator?: boolean;
  /** The IP address; absent for peers on this machine's Unix sockets. */
  readonly address?: string;
  /** What masks see besides the name: `user@host`, where the host is not the address. */
  readonly userHost?: string;
  /** @default {"person"} */
  readonly capacity?: Capacity;
  /** Keys of the only rooms that a token is for. @default {all} */
  readonly onlyRooms?: ReadonlySet<string>;
  /** Aborted, with a `DomainError`, once the token has been revoked. They may do nothing more then. */
  readonly revoked?: AbortSignal;
}

/** Anybody, over HTTP without a token. */
export const STRANGER: Asker = { nickname: "", capacity: "stranger" };
