/**
 * What was said in the user's rooms while they were away.
 *
 * @module
 */

import type { MissedJson } from "../protocol.ts";
import type { Client } from "./client.ts";
import type { RoomState } from "./room_state.ts";

/** Milliseconds: older messages were missed while the user was away, not while the page loaded. */
const AWAY_MS = 5 * 60_000;
/** Rooms that one request can ask about. */
const MAX_MISSED = 10;

export interface MissedViewOptions {
  readonly client: Client;
  unreadIn(room: RoomState): number;
  onChange(): void;
}

export class MissedView {
  /** One entry for each room, until the user dismisses them. */
  rooms: readonly MissedJson[] = [];
  readonly #options: MissedViewOptions;

  constructor(options: MissedViewOptions) {
    this.#options = options;
  }

  /** Asks about the rooms in which something is unread. */
  async ask(rooms: readonly RoomState[]): Promise<void> {
    const { client, unreadIn, onChange } = this.#options;
    const unread = rooms.filter((room) => room.unread > 0 && room.read !== undefined)
      .slice(0, MAX_MISSED);
    if (unread.length === 0) return;
    const after = unread.map(({ name, read }) => ({ room: name, after: read! }));
    const missed = await client.missed(after).catch(() => []);
    const before = Date.now() - AWAY_MS;
    const shown = missed.filter(({ room, mentions }) => {
      const state = client.state.room(room);
      // The server counts only messages.
      if (state && state.unread > 0) state.mentions = Math.max(state.mentions, mentions);
      return state && unreadIn(state) > 0;
    });
    if (shown.some(({ since }) => Date.parse(since) < before)) this.rooms = shown;
    onChange();
  }

  dismiss(): void {
    this.rooms = [];
    this.#options.onChange();
  }
}
