/**
 * Keeps clients' lists of members up to date. The changes in a room are gathered, determined once and
 * sent to all clients, at most once a second.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import { encodeText } from "../http/web_socket.ts";
import type { MemberJson } from "../protocol.ts";

/** Members listed; the rest are only counted. */
const MAX_LISTED = 500;
const INTERVAL_MS = 1000;

/** A client that keeps a list. */
export interface PeopleListener {
  /** Takes a change of the list; returns `false` if there is no room for it. */
  takeChange(frame: Uint8Array): boolean;
  /** Takes a whole list after a missed change; returns `false` if there is no room for it. */
  takeList(room: string, list: MemberSnapshot): boolean;
}

export interface MemberSnapshot {
  readonly count: number;
  readonly members: readonly MemberJson[];
}

interface WatchedRoom {
  readonly room: RoomStream;
  /** How each member is connected, by name, as the listeners were told. */
  known: Map<string, string>;
  /** Whether each listener has missed a change. */
  readonly listeners: Map<PeopleListener, boolean>;
  /** Set while changes are gathered. */
  cancelTimer: (() => void) | undefined;
}

export interface PeopleWatchOptions {
  readonly clock: Clock;
  /** Tells who is away. */
  readonly people: Pick<NicknameRegistry<{ readonly awayText: string | undefined }>, "find">;
}

export class PeopleWatch {
  readonly #options: PeopleWatchOptions;
  readonly #rooms = new Map<string, WatchedRoom>();

  constructor(options: PeopleWatchOptions) {
    this.#options = options;
  }

  /**
   * Adds a listener; returns the list on which later changes build. People who joined within the last
   * second may be missing from it, and people who left may still be on it.
   */
  enter(room: RoomStream, listener: PeopleListener): MemberSnapshot {
    let watched = this.#rooms.get(room.name);
    if (!watched) {
      watched = { room, known: namesIn(room), listeners: new Map(), cancelTimer: undefined };
      this.#rooms.set(room.name, watched);
    }
    watched.listeners.set(listener, false);
    return this.#list(watched.known);
  }

  leave(room: RoomStream, listener: PeopleListener): void {
    const watched = this.#rooms.get(room.name);
    if (!watched?.listeners.delete(listener) || watched.listeners.size > 0) return;
    watched.cancelTimer?.();
    this.#rooms.delete(room.name);
  }

  /** The members of a room as they are now. */
  list(room: RoomStream): MemberSnapshot {
    return this.#list(namesIn(room));
  }

  /** Notes that members of a room may have joined, left or changed their names. */
  changed(room: string): void {
    const watched = this.#rooms.get(room);
    if (!watched || watched.cancelTimer) return;
    watched.cancelTimer = this.#options.clock.after(INTERVAL_MS, () => this.#tell(watched));
  }

  #tell(watched: WatchedRoom): void {
    watched.cancelTimer = undefined;
    const before = watched.known;
    const now = watched.known = namesIn(watched.room);
    const joined = [...now.keys()].filter((name) => !before.has(name));
    const left = [...before.keys()].filter((name) => !now.has(name));
    if (joined.length + left.length > 0) this.#send(watched, joined, left);
    this.#resend(watched);
  }

  #send({ room, known, listeners }: WatchedRoom, joined: string[], left: string[]): void {
    const frame = encodeText(JSON.stringify({
      type: "membersChanged",
      room: room.name,
      count: known.size,
      joined: joined.map((name) => this.#describe(name, known.get(name)!)),
      left,
    }));
    for (const [listener, hasMissed] of listeners) {
      if (!hasMissed && !listener.takeChange(frame)) listeners.set(listener, true);
    }
  }

  /** Sends whole lists to listeners that missed a change, as soon as they have room for them. */
  #resend(watched: WatchedRoom): void {
    for (const [listener, hasMissed] of watched.listeners) {
      if (!hasMissed) continue;
      if (listener.takeList(watched.room.name, this.#list(watched.known))) {
        watched.listeners.set(listener, false);
      } else {
        this.changed(watched.room.name); // tries again
      }
    }
  }

  #list(known: ReadonlyMap<string, string>): MemberSnapshot {
    const members: MemberJson[] = [];
    for (const [name, via] of known) {
      if (members.length === MAX_LISTED) break;
      members.push(this.#describe(name, via));
    }
    return { count: known.size, members };
  }

  #describe(name: string, via: string): MemberJson {
    const away = this.#options.people.find(name)?.awayText;
    return away === undefined ? { name, via } : { name, via, away };
  }
}

function namesIn({ members }: RoomStream): Map<string, string> {
  const names = new Map<string, string>();
  for (const { nickname, via } of members) names.set(nickname, via);
  return names;
}
