/**
 * Errors that a person may be told about.
 *
 * @module
 */

/** What went wrong, for doors that answer with numbers or types instead of sentences. */
export type DomainErrorCode =
  | "bad-key"
  | "bad-name"
  | "bad-query"
  | "not-delivered"
  | "own-name"
  | "somebody-else"
  | "name-in-use"
  | "name-reserved"
  | "not-in-room"
  | "no-password"
  | "no-text"
  | "no-such-event"
  | "no-such-key"
  | "no-such-person"
  | "no-such-room"
  | "no-such-token"
  | "too-many-keys"
  | "too-many-rooms"
  | "too-many-tokens"
  | "not-permitted"
  | "key-in-use"
  | "key-needed"
  | "login-needed"
  | "wrong-password"
  | "wrong-token"
  | "bad-password"
  | "looks-like-login"
  | "slow-down"
  | "unavailable"
  | "too-long";

/** What keeps somebody out of a room. */
export type Obstacle = "banned" | "not-invited" | "full";

/** A refusal. Its message is a sentence for the person who asked, with what to do instead. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: DomainErrorCode;
  /** Of `not-permitted`: what keeps the asker out of a room, if that is it. */
  readonly obstacle: Obstacle | undefined;

  constructor(code: DomainErrorCode, message: string, obstacle?: Obstacle) {
    super(message);
    this.code = code;
    this.obstacle = obstacle;
  }
}

/** A refusal for now. */
export class SlowDownError extends DomainError {
  /** After how many milliseconds to try again. */
  readonly waitMs: number;

  constructor(message: string, waitMs: number) {
    super("slow-down", message);
    this.waitMs = waitMs;
  }
}
