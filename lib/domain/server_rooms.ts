/**
 * Rooms that the server itself needs.
 *
 * @module
 */

/** The room that records what moderators do; for operators. */
export const MODERATION_ROOM = "moderation";
/** Everybody enters the one, and senders of logs write into the other, so nobody may have them. */
export const COMMON_ROOMS: ReadonlySet<string> = new Set(["lobby", "log"]);
