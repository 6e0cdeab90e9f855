/**
 * A conversation of two accounts, as one of the two sees it.
 *
 * @module
 */

export interface DirectConversation {
  /** Name of the other account, and its key. */
  readonly name: string;
  readonly partner: string;
  /** When that account was created, in milliseconds since 1970; absent if it was removed. */
  readonly since?: number;
  /** The room of the two. */
  readonly room: string;
  /** Numbers of the first event that is kept, and of the last one. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The number of the last event that was read. */
  readonly read: number;
  /** Messages of the other one that were not read, and whether there may be more of them. */
  readonly unread: number;
  readonly hasMore: boolean;
}
