/**
 * The last things said in a room, even if thousands of people joined and left since.
 *
 * @module
 */

import { withReactions } from "../acts/reactions.ts";
import { withRedactions } from "../redaction.ts";
import { removedThrough } from "../retention/retention_gap.ts";
import { isReaction, isSilent, type RoomEvent } from "../room_event.ts";
import { loggedForm, withUnkeptAsGaps } from "../unlogged.ts";

/** Things said that a room keeps in memory for people who join. */
export const RECENT_LIMIT = 20;

/** The last {@linkcode RECENT_LIMIT} events of a room that are talk, with the reactions to them. */
export class RecentTalk {
  /** More than the limit only until something is added to what was restored. */
  #events: RoomEvent[] = [];
  /** The latest ones, for events of the past that is still being read. */
  #reactions: RoomEvent[] = [];

  /** In order. */
  get events(): readonly RoomEvent[] {
    return withUnkeptAsGaps(this.#events.slice(-RECENT_LIMIT));
  }

  add(events: readonly RoomEvent[]): void {
    for (const event of events) {
      if (isReaction(event)) {
        this.#react([event]);
        this.#reactions = [...this.#reactions, event].slice(-RECENT_LIMIT);
      }
      if (isSilent(event)) continue;
      if (event.kind === "gap") this.#forgetRemoved(event);
      if (event.kind === "redaction") this.#events = [...withRedactions(this.#events, [event])];
      this.#events.push(loggedForm(event));
    }
    // Trimmed each time: in a busy room, events kept longer would be promoted to the old generation
    // and collected there, which costs more.
    if (this.#events.length > RECENT_LIMIT) this.#events = this.#events.slice(-RECENT_LIMIT);
  }

  /**
   * Takes over what the log has, around the events that were added meanwhile: the log may already
   * hold the rest of a batch of which only the first part has been added.
   */
  restore(past: readonly RoomEvent[]): void {
    const firstSeq = this.#events[0]?.seq ?? Infinity;
    const lastSeq = this.#events.at(-1)?.seq ?? Infinity;
    const earlier = past.filter(({ seq }) => seq < firstSeq);
    const all = [...earlier, ...this.#events, ...past.filter(({ seq }) => seq > lastSeq)];
    // The past may have been read before what was added meanwhile was stored.
    this.#events = [...withRedactions(all, all)];
    this.#react(this.#reactions);
    this.#reactions = [];
  }

  #react(changes: readonly RoomEvent[]): void {
    const changed = withReactions(this.#events, changes);
    if (changed !== this.#events) this.#events = [...changed];
  }

  /** Forgets what the log no longer keeps, so that people who join do not see it either. */
  #forgetRemoved(gap: RoomEvent): void {
    const last = removedThrough(gap);
    if (last !== undefined) this.#events = this.#events.filter(({ seq }) => seq > last);
  }
}
