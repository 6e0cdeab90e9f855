/**
 * The rooms and conversations of the user, and the one that is open.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { ConversationJson, PrivateJson } from "../protocol.ts";
import type { Client } from "./client.ts";
import type { Drafts } from "./drafts.ts";
import {
  PrivateConversation,
  type PrivateConversationOptions,
  type SavedConversation,
} from "./private_conversation.ts";
import { MessageView } from "./message_view.ts";
import type { RoomOrder } from "./preferences.ts";
import type { RoomState } from "./room_state.ts";
import { Timeline } from "./timeline.ts";

export type Place =
  | { readonly type: "none" }
  | { readonly type: "room"; readonly room: RoomState; readonly view: MessageView }
  | { readonly type: "person"; readonly person: PrivateConversation; readonly view: MessageView }
  /** The past of a room under a former name; `to` is its name now. Nobody writes there. */
  | {
    readonly type: "former";
    readonly name: string;
    readonly to: string;
    readonly view: MessageView;
  }
  /** A room that does not exist. */
  | { readonly type: "missing"; readonly name: string }
  /** A room that the user may not be in. `why` is a sentence. */
  | {
    readonly type: "shut";
    readonly name: string;
    readonly why: string;
    /** Whether its key would open it. */
    readonly needsKey: boolean;
  };

export interface PlacesOptions {
  readonly client: Client;
  /** Why an event is not among a room's messages, in a sentence. */
  explainMissing(room: string, seq: number): Promise<string>;
  /** How to sort the rooms. */
  order(): RoomOrder;
  /** What was being written before a reload. */
  readonly drafts: Drafts;
  onChange(): void;
}

export class Places {
  current: Place = { type: "none" };
  readonly #client: Client;
  readonly #explainMissing: PlacesOptions["explainMissing"];
  readonly #order: () => RoomOrder;
  readonly #onChange: () => void;
  readonly #views = new WeakMap<RoomState, MessageView>();
  readonly #conversations = new Map<string, PrivateConversation>();
  /** Those from before a reload whose place has not been there again yet. */
  readonly #drafts: Map<string, string>;

  constructor({ client, explainMissing, order, drafts, onChange }: PlacesOptions) {
    this.#drafts = new Map(drafts);
    this.#client = client;
    this.#order = order;
    this.#explainMissing = explainMissing;
    this.#onChange = onChange;
  }

  /** The joined rooms, in the order that the user has chosen. */
  get rooms(): readonly RoomState[] {
    const { rooms } = this.#client.state;
    const order = this.#order();
    if (order === "joined") return rooms;
    return order === "name"
      ? rooms.toSorted((one, other) => nameKey(one.name) < nameKey(other.name) ? -1 : 1)
      : rooms.toSorted((one, other) => other.lastId - one.lastId);
  }

  get conversations(): readonly PrivateConversation[] {
    return [...this.#conversations.values()];
  }

  /** The open room, if a room is open. */
  get room(): RoomState | undefined {
    return this.current.type === "room" ? this.current.room : undefined;
  }

  /** The view of the open room or conversation. */
  get view(): MessageView | undefined {
    return "view" in this.current ? this.current.view : undefined;
  }

  /** Whether the open view is only to be read. */
  get isReadOnly(): boolean {
    return this.current.type === "former";
  }

  /** Where what is written in the open view goes: `lobby`, or `@bob`. */
  get address(): string {
    const { current, view } = this;
    return `${current.type === "person" ? "@" : ""}${view?.title}`;
  }

  /** What is being written in each place, by its address. */
  get drafts(): Drafts {
    return [
      ...this.rooms.map((room) =>
        [nameKey(room.name), this.#views.get(room)?.draft ?? ""] as const
      ),
      ...this.conversations.map(({ name, view }) => [`@${nameKey(name)}`, view.draft] as const),
      ...this.#drafts,
    ];
  }

  viewOf(room: RoomState): MessageView {
    let view = this.#views.get(room);
    if (!view) {
      view = this.#newView(room.name, room.timeline);
      view.draft = this.#takeDraft(room.name);
      this.#views.set(room, view);
    }
    return view;
  }

  #takeDraft(address: string): string {
    const key = nameKey(address);
    const draft = this.#drafts.get(key) ?? "";
    this.#drafts.delete(key);
    return draft;
  }

  #newView(room: string, timeline: Timeline): MessageView {
    return new MessageView(room, timeline, {
      history: (request) => this.#client.history(request),
      explainMissing: (seq) => this.#explainMissing(room, seq),
      onChange: this.#onChange,
    });
  }

  conversationWith(name: string): PrivateConversation {
    return this.#conversations.get(nameKey(name)) ?? this.#add(name);
  }

  /** The conversation that the server keeps in a room of two. */
  conversationIn(room: string): PrivateConversation | undefined {
    return this.conversations.find((person) => person.room === room);
  }

  /** Takes over the conversations that the server keeps. */
  keep(conversations: readonly ConversationJson[]): void {
    for (const person of this.conversations) {
      const isKept = conversations.some(({ room }) => room === person.room);
      if (person.room !== undefined && !isKept) this.close(person);
    }
    for (const each of conversations) {
      const known = this.#conversations.get(nameKey(each.with));
      // A log that begins again has lower numbers.
      const isSame = known?.room === each.room && known.lastSeq <= each.lastSeq;
      (isSame ? known : this.#add(each.with, each)).update(each);
    }
  }

  /** Adds a message that is kept to its conversation; returns whether it is new. */
  receiveKept(message: PrivateJson & Pick<ConversationJson, "with" | "room">): boolean {
    const { with: name, room, seq = 1 } = message;
    const known = this.#conversations.get(nameKey(name));
    const person = known?.room === room ? known : this.#add(name, { room, lastSeq: seq - 1 });
    return person.receive(message);
  }

  /** Continues the conversations of before a reload. */
  restore(conversations: readonly SavedConversation[]): void {
    for (const { name, unread, lines } of conversations) {
      const person = this.conversationWith(name);
      for (const line of lines) person.receive(line);
      person.unread = unread;
    }
  }

  openRoom(room: RoomState): MessageView {
    const view = this.viewOf(room);
    if (this.room === room) return view;
    this.#leave();
    view.readTo = room.unread > 0 ? room.read : undefined;
    view.unread = room.unread;
    this.current = { type: "room", room, view };
    return view;
  }

  openPerson(name: string): void {
    this.#leave();
    const person = this.conversationWith(name);
    person.view.readTo = person.room !== undefined && person.unread > 0 ? person.read : undefined;
    // Of those that are kept, the server is told once their end can be seen.
    if (person.room === undefined) person.unread = 0;
    this.current = { type: "person", person, view: person.view };
  }

  /** Opens what was said in a room under a former name. @param lastSeq Number of its last event. */
  openFormer(name: string, to: string, lastSeq: number): MessageView {
    this.#leave();
    const view = this.#newView(name, new Timeline(lastSeq));
    this.current = { type: "former", name, to, view };
    return view;
  }

  openMissing(name: string): void {
    this.#leave();
    this.current = { type: "missing", name };
  }

  /** Adds a conversation, in the place of the one before it if there is one. */
  #add(name: string, kept?: Pick<ConversationJson, "room" | "lastSeq">): PrivateConversation {
    const history: PrivateConversationOptions["history"] = (request) =>
      this.#client.history(request);
    const person = new PrivateConversation(name, { history, onChange: this.#onChange }, kept);
    const before = this.#conversations.get(nameKey(name));
    this.#conversations.set(nameKey(name), person);
    person.view.draft = before?.view.draft ?? this.#takeDraft(`@${name}`);
    if (this.current.type === "person" && this.current.person === before) {
      this.current = { type: "person", person, view: person.view };
    }
    return person;
  }

  openShut(name: string, why: string, needsKey = false): void {
    this.#leave();
    this.current = { type: "shut", name, why, needsKey };
  }

  /** Removes a conversation. */
  close(person: PrivateConversation): void {
    this.#conversations.delete(nameKey(person.name));
    if (this.current.type === "person" && this.current.person === person) {
      this.current = { type: "none" };
    }
  }

  /** Closes a room that the user has left. */
  left(room: RoomState): void {
    if (this.room === room) this.current = { type: "none" };
  }

  /** The next or previous place in the sidebar, wrapping around at its ends. */
  neighbour(step: 1 | -1): RoomState | PrivateConversation | undefined {
    const all = [...this.rooms, ...this.conversations];
    if (all.length === 0) return undefined;
    const { current } = this;
    const here = current.type === "room"
      ? current.room
      : current.type === "person"
      ? current.person
      : undefined;
    const at = here === undefined ? -1 : all.indexOf(here);
    if (at === -1) return all[step === 1 ? 0 : all.length - 1];
    return all[(at + step + all.length) % all.length];
  }

  #leave(): void {
    const { current } = this;
    if (current.type !== "room") return;
    current.view.clearFilter();
    current.view.forgetTarget();
    if (current.room.timeline.isAtEnd) current.room.shrink();
    else void current.view.goToNewest();
  }
}
