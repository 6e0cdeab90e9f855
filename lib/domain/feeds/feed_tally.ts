/**
 * What the feeds of all readers did since the server started, for its operator.
 *
 * @module
 */

/** Plain numbers, because one of them changes with every delivery. */
export class FeedTally {
  /** Events that readers took. */
  delivered = 0;
  /** Feeds that read back from the log now. */
  behind = 0;
  /** How often any began to. */
  catchUps = 0;
}
