/**
 * What all who come in by the web share.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { SearchService } from "../domain/search.ts";
import type { ChatContext } from "../service/chat/chat_session.ts";
import { EventFrames } from "./event_frames.ts";
import { PeopleWatch } from "./people_watch.ts";
import { RoomQueries } from "./room_queries.ts";

export interface WebContextOptions {
  readonly chat: ChatContext;
  readonly clock: Clock;
  /** Milliseconds within which a client has to say hello. */
  readonly nameDeadlineMs: number;
  /** Absent where nothing can be searched. */
  readonly search?: SearchService;
}

/** Somebody who can be asked to leave a name to a newer connection. */
export interface Replaceable {
  giveWay(): Promise<void>;
}

export class WebContext {
  readonly chat: ChatContext;
  readonly clock: Clock;
  readonly nameDeadlineMs: number;
  readonly frames = new EventFrames();
  readonly people: PeopleWatch;
  readonly queries: RoomQueries;
  /** Clients that are here, by the secret that each was given. */
  readonly sessions = new Map<string, Replaceable>();

  constructor({ chat, clock, nameDeadlineMs, search }: WebContextOptions) {
    this.chat = chat;
    this.clock = clock;
    this.nameDeadlineMs = nameDeadlineMs;
    this.people = new PeopleWatch({ clock, people: chat.people });
    this.queries = new RoomQueries({ ...chat, search });
  }
}
