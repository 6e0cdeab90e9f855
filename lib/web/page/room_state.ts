/**
 * The state of a joined room.
 *
 * @module
 */

import { isMention } from "../../domain/text/mention.ts";
import { redactedNumber } from "../../domain/redaction.ts";
import { isSilent, respelledTo } from "../../domain/room_event.ts";
import { nameKey } from "../../domain/name.ts";
import type { EventJson, JoinedMessage, RoomSettingsAnswer } from "../protocol.ts";
import { countOfEvent } from "./hole.ts";
import { MemberList } from "./member_list.ts";
import type { RoomCopy } from "./saved_session.ts";
import { Timeline } from "./timeline.ts";

/** Events kept in memory of a room that is not open. */
const MAX_EVENTS = 400;

export class RoomState {
  /** Its capitals may change. */
  name: string;
  topic = "";
  readonly members = new MemberList();
  timeline: Timeline;
  /** Number of the last event read. */
  read: number | undefined;
  /** Unread messages. */
  unread = 0;
  /** Unread messages that mention the user. */
  mentions = 0;
  /** The id of the last thing said, by which rooms can be compared; 0 if nothing is known. */
  lastId = 0;
  /** As of the last time that somebody looked at them. */
  settings: RoomSettingsAnswer | undefined;
  /** The key that was given on entering. Not saved. */
  key: string | undefined;
  /** Whether the events are known up to {@linkcode Timeline.live}, so that it can resume there. */
  isKnown = false;
  /** Whether the events are a copy made before the page was loaded. */
  #isCopy = false;
  /** Number of the last event in the server's count of unread messages. */
  #countedTo = 0;

  constructor(name: string, { after, read }: { after?: number; read?: number } = {}) {
    this.name = name;
    this.read = read;
    this.isKnown = after !== undefined;
    this.timeline = new Timeline(after ?? 0);
  }

  /** Takes over a copy made before the page was loaded. */
  restore({ topic, lastSeq, events }: RoomCopy): void {
    this.topic = topic;
    this.timeline.reset(events, lastSeq);
    this.lastId = events.at(-1)?.id ?? 0;
    this.isKnown = this.#isCopy = true;
  }

  /** Applies the server's answer to joining or resuming the room. */
  entered({ topic, lastSeq, count, members, resumed, events, unread, read }: JoinedMessage): void {
    this.topic = topic;
    this.members.reset(count, members);
    if (!resumed) {
      // Keep the loaded events, unless the server no longer has them because the room is new.
      const isStillThere = this.isKnown && !this.#isCopy && this.timeline.events.length > 0 &&
        lastSeq >= this.timeline.lastSeq;
      if (isStillThere) this.timeline.skipTo(lastSeq);
      else this.timeline.reset(events, lastSeq);
    }
    this.isKnown = true;
    this.#isCopy = false;
    this.lastId = Math.max(this.lastId, events.at(-1)?.id ?? 0);
    if (unread !== undefined) this.unread = unread;
    this.#countedTo = unread === undefined ? 0 : lastSeq;
    if (read !== undefined) this.read = Math.max(this.read ?? 0, read);
    if (this.read === undefined) this.read = lastSeq;
    if (this.read > lastSeq) this.read = lastSeq;
  }

  /** Adds live events; returns those that are new. `name` is the user's. */
  receive(events: readonly EventJson[], name: string): readonly EventJson[] {
    const topicEvent = this.timeline.events.findLast(({ kind }) => kind === "topic");
    const added = this.timeline.receive(events);
    if (topicEvent && added.some((event) => redactedNumber(event) === topicEvent.seq)) {
      if (this.topic === topicEvent.body) this.topic = "";
    }
    for (const event of added) {
      if (event.kind === "topic") this.topic = event.body;
      this.name = respelledTo(event) ?? this.name;
      if (isSaid(event)) this.lastId = event.id;
      if (!isSaid(event) || isOwn(event, name)) continue;
      if (event.seq > this.#countedTo) this.unread += countOfEvent(event);
      if (isMention(event, name)) this.mentions++;
    }
    return added;
  }

  /** Marks everything as read; returns whether that changed anything. */
  markRead(): boolean {
    const { live } = this.timeline;
    const isChanged = this.unread > 0 || this.mentions > 0 || this.read !== live;
    this.read = live;
    this.unread = 0;
    this.mentions = 0;
    return isChanged;
  }

  /** Notes that the user has read the room up to number `seq` elsewhere. */
  readTo(seq: number): void {
    if (seq <= (this.read ?? 0)) return;
    if (seq >= this.timeline.live) return void this.markRead();
    this.read = seq;
    this.unread = Math.min(this.unread, this.timeline.live - seq);
  }

  /** Drops most of the events to save memory. */
  shrink(): void {
    this.timeline.trim(this.timeline.before, MAX_EVENTS);
  }
}

/** Whether an event counts as a message, unlike joins, parts and reactions. */
export function isSaid(event: EventJson): boolean {
  return !isSilent(event);
}

/** Whether the user called `name` caused the event, also by taking that name. */
export function isOwn({ kind, from, body }: EventJson, name: string): boolean {
  const key = nameKey(name);
  return nameKey(from) === key || (kind === "nick" && nameKey(body) === key);
}
