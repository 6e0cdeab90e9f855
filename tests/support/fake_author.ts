/**
 * An author of drafts that records their outcomes.
 *
 * @module
 */

import { STRANGER } from "../../lib/domain/asker.ts";
import type { Author } from "../../lib/domain/author.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import type { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import { draftOf } from "./room_events.ts";

export class FakeAuthor implements Author {
  readonly runs: (readonly RoomEvent[])[] = [];
  readonly lost: Draft[] = [];
  readonly origin: number;

  constructor(origin: number) {
    this.origin = origin;
  }

  committed(events: readonly RoomEvent[]): void {
    this.runs.push(events);
  }

  refused(drafts: readonly Draft[]): void {
    this.lost.push(...drafts);
  }

  draft(body: string, room = "log"): Draft {
    return draftOf(room, body, { kind: "log", from: `s${this.origin}`, origin: this.origin });
  }
}

/** Records one draft, as a log connection does. */
export function record(registry: RoomRegistry, draft: Draft): void {
  registry.record(STRANGER, draft.room, [draft]);
}
