/**
 * The contract of a stream that stores messages in one order for all nodes. It knows nothing of
 * what is in them.
 *
 * @module
 */

/** A message that the stream has stored. */
export interface StreamEntry {
  /** Its place in the stream, from 1. */
  readonly seq: number;
  /** When the stream took it, milliseconds since 1970, by the clock of the stream's server. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface StreamDescription {
  /** When the stream was created: tells it from another one of the same name. */
  readonly created: string;
  /** The number of the earliest message left; `lastSeq + 1` in an empty stream. */
  readonly firstSeq: number;
  /** 0 if there never was a message. */
  readonly lastSeq: number;
}

export interface EntryStream {
  /** The most bytes of a message. */
  readonly maxBytes: number;
  /**
   * Sends a message. Messages are stored in the order of the calls, but any may get lost or be
   * stored twice, and one that seemed lost may be stored later.
   *
   * @param id Names this attempt to send it.
   * @returns Once it is stored.
   * @throws {Error} if it is not known to be stored.
   */
  publish(bytes: Uint8Array<ArrayBuffer>, id: string): Promise<void>;
  /**
   * The messages after a place, in order without gaps; those that come later, too. It ends when the
   * link is interrupted or anything else is in doubt: the caller then compares and reads again.
   *
   * @throws {Error} if the stream cannot be reached.
   */
  read(after: number, signal: AbortSignal): AsyncIterable<readonly StreamEntry[]>;
  /**
   * @param mayCreate Whether to create a missing stream.
   * @throws {StreamMissingError} if the stream does not exist.
   * @throws {Error} if it cannot be reached.
   */
  describe(mayCreate: boolean): Promise<StreamDescription>;
  /**
   * The message with a number; `undefined` if it was removed or never existed.
   *
   * @throws {Error} if the stream cannot be reached.
   */
  entryAt(seq: number): Promise<StreamEntry | undefined>;
}

/** The servers can be reached, and have no such stream. */
export class StreamMissingError extends Error {
  override readonly name = "StreamMissingError";
}

/** The stream does not take this node, and would not later. The message says what to do. */
export class StreamRefusedError extends Error {
  override readonly name = "StreamRefusedError";
}
