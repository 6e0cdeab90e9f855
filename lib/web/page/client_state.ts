/**
 * The client's state: its name, its rooms and its unsent lines. Only messages from the server
 * change it.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { CommandJson, HelloMessage, ServerMessage, WelcomeMessage } from "../protocol.ts";
import type { ClientChange } from "./change.ts";
import type { SavedSession } from "./saved_session.ts";
import { RoomState } from "./room_state.ts";
import { UnsentLines } from "./unsent.ts";

export class ClientState {
  /** The user's name; before `welcome`, the requested one. */
  name: string;
  /** From the last `welcome`. */
  limits: WelcomeMessage["limits"] | undefined;
  commands: readonly CommandJson[] = [];
  version = "";
  /** Whether the server has a password. */
  isGuarded: boolean;
  /** The user's account. */
  account: { readonly name: string; readonly isOperator: boolean } | undefined;
  readonly unsent = new UnsentLines();
  /**
   * When each account was created with which the server keeps a conversation, by `@` and its key; 0
   * if it was removed. Somebody else may have its name since.
   */
  readonly correspondents = new Map<string, number>();
  /** Rooms that could not be resumed, so that lines sent to them may or may not have arrived. */
  readonly broken = new Set<RoomState>();
  readonly #rooms = new Map<string, RoomState>();
  #session: string | undefined;

  constructor(saved: SavedSession) {
    const { name = "", session, rooms, unsent, isGuarded = false, copies = [] } = saved;
    this.name = name;
    this.isGuarded = isGuarded;
    this.#session = session;
    for (const line of unsent) this.unsent.add(line);
    for (const { room, read } of rooms) {
      // Resume from before the first unconfirmed line, to find it among the events.
      const after = unsent.find((line) => line.room === room && line.after !== undefined)?.after;
      const state = new RoomState(room, { read, after });
      this.#rooms.set(nameKey(room), state);
      const copy = after === undefined ? copies.find((copy) => copy.room === room) : undefined;
      if (copy) state.restore(copy);
    }
  }

  /** The joined rooms, in the order of joining. */
  get rooms(): readonly RoomState[] {
    return [...this.#rooms.values()];
  }

  room(name: string): RoomState | undefined {
    return this.#rooms.get(nameKey(name));
  }

  /** Makes the next `hello` take the name over from another connection of the same user. */
  takeOver(session: string): void {
    this.#session = session;
  }

  get remembered(): SavedSession {
    return {
      name: this.name,
      session: this.#session,
      rooms: this.rooms.map(({ name, read }) => ({ room: name, read })),
      unsent: this.unsent.records,
      ...(this.isGuarded && { isGuarded: true }),
    };
  }

  /** The first message of a connection: the name, and how far each room is known. */
  hello(): HelloMessage {
    const rooms = this.rooms.map(({ name, read, key, isKnown, timeline }) => ({
      room: name,
      ...(isKnown ? { after: timeline.live } : {}),
      ...(read === undefined ? {} : { read }),
      ...(key === undefined ? {} : { key }),
    }));
    return {
      type: "hello",
      name: this.name,
      session: this.#session,
      ...(rooms.length > 0 ? { rooms } : {}),
    };
  }

  /** Applies a message; returns the change. */
  receive(message: ServerMessage): ClientChange | undefined {
    switch (message.type) {
      case "welcome":
        this.#session = message.session;
        this.limits = message.limits;
        this.commands = message.commands;
        this.version = message.version;
        this.name = message.name;
        this.account = undefined;
        return { type: "named" };
      case "account": {
        const { name, isOperator, ignored = [], preferences } = message;
        const isLoggedOut = this.account !== undefined && name === undefined;
        this.account = name === undefined ? undefined : { name, isOperator };
        if (isLoggedOut) this.unsent.forgetPrivate();
        return { type: "account", isLoggedOut, ignored, preferences };
      }
      case "named":
        this.name = message.name;
        return { type: "named" };
      case "said":
        this.unsent.said(String(message.ref), message.seq);
        return { type: "unsent" };
      case "private":
        if (message.ref !== undefined) this.unsent.forget(String(message.ref));
        if (message.with !== undefined) this.#correspondsWith(message.with, message.since);
        return { type: "private", message };
      case "read": {
        const room = this.room(message.room);
        room?.readTo(message.seq);
        return room ? { type: "room", room } : message;
      }
      case "preferences":
        // An answer to our own request has nothing new, and may be older than what the page shows.
        return message.ref === undefined ? message : undefined;
      case "conversations":
        this.correspondents.clear();
        for (const each of message.conversations) this.#correspondsWith(each.with, each.since);
        return message;
      case "private-redaction":
      case "private-reaction":
        return message;
      case "joined": {
        const room = this.#roomFor(message.room);
        if (room.isKnown && !message.resumed) this.broken.add(room);
        room.entered(message);
        return { type: "entered", room };
      }
      case "left":
        return this.#left(message.room, message.why, message.to);
      case "error":
        return message.room === undefined ? undefined : this.#left(message.room, message.text);
      case "room-settings": {
        const room = this.room(message.room);
        if (room) room.settings = message;
        return room && { type: "room", room };
      }
      case "events": {
        const room = this.room(message.room);
        if (!room) return undefined;
        const events = room.receive(message.events, this.name);
        this.unsent.receive(room.name, events, !this.broken.has(room));
        return { type: "events", room, events };
      }
      case "members":
      case "membersChanged": {
        const room = this.room(message.room);
        if (message.type === "members") room?.members.reset(message.count, message.members);
        else room?.members.apply(message);
        return room && { type: "room", room };
      }
      case "crowd": {
        const room = this.room(message.room);
        return room && { ...message, room };
      }
    }
  }

  /** The server refused a line; returns whether the line exists. */
  refused(ref: string, code: string, problem: string): boolean {
    const line = this.unsent.refused(ref, problem);
    if (line && code === "somebody-else") {
      // Who sends it again means whoever has the name now.
      line.since = undefined;
      this.correspondents.delete(nameKey(line.room));
    }
    return line !== undefined;
  }

  #correspondsWith(name: string, since = 0): void {
    this.correspondents.set(`@${nameKey(name)}`, since);
  }

  #left(name: string, why: string | undefined, next?: string): ClientChange | undefined {
    const room = this.room(name);
    const to = this.room(next ?? "");
    this.#rooms.delete(nameKey(name));
    if (to) {
      to.key ??= room?.key;
      this.unsent.moved(name, to.name);
    }
    return room && { type: "left", room, why, to };
  }

  /** The room under the server's spelling, which may differ in case from the requested name. */
  #roomFor(name: string): RoomState {
    const known = this.room(name);
    if (known?.name === name) return known;
    const room = new RoomState(name, { read: known?.read });
    this.#rooms.set(nameKey(name), room);
    return room;
  }
}
