/**
 * What is known of a room that one is in.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { EventJson, JoinedMessage } from "../protocol.ts";
import { countOfEvent } from "./hole.ts";
import { MemberList } from "./member_list.ts";
import { isMention } from "./mention.ts";
import { Timeline } from "./timeline.ts";

/** Events kept of a room that nobody looks at. */
const KEPT_EVENTS = 400;

export class RoomState {
  readonly name: string;
  topic = "";
  readonly members = new MemberList();
  timeline: Timeline;
  /** The number of the last event that was looked at. */
  read: number | undefined;
  /** Things said after that. */
  unread = 0;
  /** Things said after that that name oneself. */
  mentions = 0;
  /** Whether its events are known up to {@linkcode Timeline.live}, so that it can be resumed there. */
  isKnown = false;
  /** What the server has counted as unread already. */
  #countedTo = 0;

  constructor(name: string, { after, read }: { after?: number; read?: number } = {}) {
    this.name = name;
    this.read = read;
    this.isKnown = after !== undefined;
    this.timeline = new Timeline(after ?? 0);
  }

  /** One has come in, or back. */
  entered({ topic, lastSeq, count, members, resumed, events, unread }: JoinedMessage): void {
    this.topic = topic;
    this.members.reset(count, members);
    if (!resumed) {
      // What is at hand stays good, unless the server has lost it: then it is another room.
      const isStillThere = this.isKnown && this.timeline.events.length > 0 &&
        lastSeq >= this.timeline.lastSeq;
      if (isStillThere) this.timeline.skipTo(lastSeq);
      else this.timeline.reset(events, lastSeq);
    }
    this.isKnown = true;
    if (unread !== undefined) this.unread = unread;
    this.#countedTo = unread === undefined ? 0 : lastSeq;
    if (this.read === undefined) this.read = lastSeq;
    if (this.read > lastSeq) this.read = lastSeq;
  }

  /** Takes what the live stream brings; returns what is new of it. `name` is one's own. */
  receive(events: readonly EventJson[], name: string): readonly EventJson[] {
    const news = this.timeline.receive(events);
    for (const event of news) {
      if (event.kind === "topic") this.topic = event.body;
      if (!isSaid(event) || nameKey(event.from) === nameKey(name)) continue;
      if (event.seq > this.#countedTo) this.unread += countOfEvent(event);
      if (isMention(event, name)) this.mentions++;
    }
    return news;
  }

  /** All that has come was looked at; returns whether that is news. */
  markRead(): boolean {
    const { live } = this.timeline;
    const isNews = this.unread > 0 || this.mentions > 0 || this.read !== live;
    this.read = live;
    this.unread = 0;
    this.mentions = 0;
    return isNews;
  }

  /** Lets go of most of its events. */
  shrink(): void {
    this.timeline.trim(this.timeline.before, KEPT_EVENTS);
  }
}

/** Whether an event is more than somebody's coming or going. */
export function isSaid({ kind }: EventJson): boolean {
  return kind !== "join" && kind !== "part";
}
