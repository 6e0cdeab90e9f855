/**
 * State shared by all web clients.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { PermittedRooms } from "../../domain/archive/permitted_rooms.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { WATCHABLE } from "../../service/chat/digest/collapser_options.ts";
import { RoomDigests } from "../../service/chat/digest/room_digest.ts";
import { RoomQueries } from "../room_queries.ts";
import { EndedSessions } from "./ended_sessions.ts";
import { EventFrames } from "./event_frames.ts";
import { PeopleWatch } from "./people_watch.ts";
import { WebSessions } from "./web_sessions.ts";

export interface WebContextOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Milliseconds a client has to send `hello`; may change. */
  readonly nameDeadlineMs: () => number;
}

export class WebContext {
  readonly chat: ChatContext;
  readonly clock: Clock;
  readonly nameDeadlineMs: () => number;
  readonly frames = new EventFrames();
  /** The rooms as web clients read them. */
  readonly digests: RoomDigests;
  readonly people: PeopleWatch;
  readonly sessions: WebSessions;

  constructor({ chat, clock, nameDeadlineMs }: WebContextOptions) {
    this.chat = chat;
    this.clock = clock;
    this.nameDeadlineMs = nameDeadlineMs;
    this.people = new PeopleWatch({ clock, people: chat.people });
    this.digests = new RoomDigests(clock, WATCHABLE);
    const { accounts } = chat;
    this.sessions = new WebSessions(accounts, new EndedSessions({ clock, accounts }));
  }

  /** Queries about the rooms as somebody may see them. */
  queries(sees: PermittedRooms): RoomQueries {
    return new RoomQueries({ sees, digests: this.digests, now: () => this.clock.now() });
  }
}
