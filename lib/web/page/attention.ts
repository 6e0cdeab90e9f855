/**
 * Decides what counts as read, what is marked as new, and what causes a notification or an
 * announcement.
 *
 * @module
 */

import { isMention } from "../../domain/text/mention.ts";
import { nameKey } from "../../domain/name.ts";
import type { EventJson, PrivateJson } from "../protocol.ts";
import { announcementOf, sentenceOf } from "./announcement.ts";
import type { ClientChange } from "./change.ts";
import type { Client } from "./client.ts";
import type { Places } from "./places.ts";
import type { PrivateConversation } from "./private_conversation.ts";
import { isOwn, isSaid, type RoomState } from "./room_state.ts";
import type { Browser, NotificationText } from "./browser.ts";

export interface AttentionOptions {
  readonly client: Client;
  readonly places: Places;
  readonly browser: Browser;
  isNotifying(): boolean;
  isSounding(): boolean;
  /** How many unread messages of a room count. */
  unreadIn(room: RoomState): number;
  /** Opens the place whose notification was clicked. */
  open(place: { readonly room: string } | { readonly person: string }): void;
}

export class Attention {
  readonly #options: AttentionOptions;

  constructor(options: AttentionOptions) {
    this.#options = options;
  }

  apply(change: ClientChange): void {
    const { places } = this.#options;
    switch (change.type) {
      case "events":
        return this.#events(change.room, change.events);
      case "private":
        return this.#private(change.message);
      case "private-redaction":
      case "private-reaction":
        places.conversationIn(change.room)?.add(change.event);
        return this.markSeen();
      case "conversations":
        places.keep(change.conversations);
        return this.markSeen();
      case "read": {
        const person = places.conversationIn(change.room);
        if (person && change.seq >= person.lastSeq) this.#noteRead(person);
        return;
      }
      case "crowd": {
        const { room, joined, left } = change;
        return places.viewOf(room).noteCrowd(joined, left);
      }
      case "notice": {
        const { text, isError, ref, room } = change;
        const state = room === undefined ? undefined : this.#options.client.state.room(room);
        const view = state ? places.viewOf(state) : places.view;
        view?.note(text, { isError, group: ref });
        if (view === places.view) this.#options.browser.announce(text);
      }
    }
  }

  /** Marks the current place as read if the user can see its end. */
  markSeen(): void {
    const { places, client } = this.#options;
    if (!this.#isCurrentSeen) return;
    const { current } = places;
    if (current.type === "room") client.markRead(current.room);
    else if (current.type === "person") this.#readPerson(current.person);
  }

  /** How many mentions and private messages are unread. */
  get urgent(): number {
    const { rooms, conversations } = this.#options.places;
    return rooms.reduce((sum, { mentions }) => sum + mentions, 0) +
      conversations.reduce((sum, { unread }) => sum + unread, 0);
  }

  /** The title of the tab: `(3) #lobby – Partyline`. */
  get title(): string {
    const { places, unreadIn } = this.#options;
    const { current } = places;
    const { urgent } = this;
    const hasUnread = places.rooms.some((room) => unreadIn(room) > 0);
    const badge = urgent > 0 ? `(${urgent}) ` : hasUnread ? "• " : "";
    if (!("view" in current)) return `${badge}Partyline`;
    const sigil = current.type === "person" ? "" : "#";
    return `${badge}${sigil}${current.view.title} – Partyline`;
  }

  get #isCurrentSeen(): boolean {
    const { places, browser } = this.#options;
    const { view } = places;
    return view !== undefined && view.isAtBottom && !view.isFiltered && view.timeline.isAtEnd &&
      browser.isActive();
  }

  #events(room: RoomState, events: readonly EventJson[]): void {
    const { client, places, browser } = this.#options;
    const { name } = client.state;
    const others = events.filter((event) => isSaid(event) && !isOwn(event, name));
    if (others.length === 0) return;
    const isCurrent = places.room === room;
    if (isCurrent && this.#isCurrentSeen) {
      // Messages missed while offline would take minutes to read out.
      if (client.status.type === "live") browser.announce(announcementOf(others));
      return client.markRead(room);
    }
    if (isCurrent) Object.assign(places.viewOf(room), { readTo: room.read, unread: room.unread });
    const mention = others.findLast((event) => isMention(event, name));
    if (mention) {
      this.#call({
        title: `${mention.from} in #${room.name}`,
        text: sentenceOf(mention),
        onClick: () => this.#options.open({ room: room.name }),
      });
    }
  }

  /** Marks a conversation as read, here and, if it is kept, everywhere. */
  #readPerson(person: PrivateConversation): void {
    const { room, read, lastSeq, unread } = person;
    if (room !== undefined && (unread > 0 || read < lastSeq)) {
      this.#options.client.readConversation(room, lastSeq);
    }
    this.#noteRead(person);
  }

  #noteRead(person: PrivateConversation): void {
    person.unread = 0;
    person.read = person.lastSeq;
  }

  #private(message: PrivateJson): void {
    const { client, places, browser } = this.#options;
    const { from, to, body, with: partner, room } = message;
    const isOwn = nameKey(from) !== nameKey(partner ?? from) ||
      (partner === undefined && nameKey(from) === nameKey(client.state.name));
    const isKept = partner !== undefined && room !== undefined;
    if (isKept && !places.receiveKept({ ...message, with: partner, room })) return;
    const person = places.conversationWith(partner ?? (isOwn ? to : from));
    if (!isKept) {
      if (person.room === undefined) person.receive(message);
      else person.view.note(`${from} (not kept): ${body}`);
    }
    const isCurrent = places.current.type === "person" && places.current.person === person;
    if (isOwn) {
      if (!isCurrent) places.view?.note(`Private message to ${to}: ${body}`);
      return;
    }
    if (isCurrent && this.#isCurrentSeen) {
      browser.announce(`${from}: ${body}`);
      return this.#readPerson(person);
    }
    person.unread++;
    browser.announce(`${from} sent you a private message.`);
    const onClick = () => this.#options.open({ person: from });
    this.#call({ title: `Private message from ${from}`, text: body, onClick });
  }

  /** Calls the user to the page, in the ways that they have chosen. */
  #call(notification: NotificationText): void {
    const { browser, isNotifying, isSounding } = this.#options;
    if (browser.isActive()) return;
    if (isSounding()) browser.playTone();
    if (isNotifying()) browser.notify(notification);
  }
}
