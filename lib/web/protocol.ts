/**
 * The messages of the WebSocket `/ws`, as types: what the server and the page are both written
 * against. What they mean, and in which order they come, is in `README.md` beside this file.
 *
 * Types only, so that importing it adds nothing to the page.
 *
 * @module
 */

import type { EventJson } from "../domain/event_json.ts";

export type { EventJson };

/** What a client chooses to find the answer by; at most 64 characters if it is text. */
export type Ref = string | number;

/** A room to enter, and how far it is known. */
export interface RoomRequest {
  readonly room: string;
  /** The number of the last event that was received: what came after it is sent. */
  readonly after?: number;
  /** The number of the last event that was looked at: `joined` counts what was said after it. */
  readonly read?: number;
}

export type ClientMessage =
  | HelloMessage
  | ({ readonly type: "join"; readonly ref?: Ref } & RoomRequest)
  | { readonly type: "leave"; readonly ref?: Ref; readonly room: string }
  | SayMessage
  | {
    readonly type: "private";
    readonly ref?: Ref;
    readonly to: string;
    readonly body: string;
  }
  | {
    readonly type: "command";
    readonly ref?: Ref;
    /** The room that counts as the current one; absent for none. */
    readonly room?: string;
    /** Begins with `/`. */
    readonly line: string;
  }
  | HistoryRequest
  | SearchRequest
  | { readonly type: "rooms"; readonly ref?: Ref }
  | { readonly type: "members"; readonly ref?: Ref; readonly room: string }
  | { readonly type: "ping"; readonly ref?: Ref };

/** The first message. */
export interface HelloMessage {
  readonly type: "hello";
  readonly ref?: Ref;
  readonly name: string;
  /** Of the `welcome` before, to take the name back from a connection that is dead or dying. */
  readonly session?: string;
  /** @default {[{ room: "lobby" }]} */
  readonly rooms?: readonly RoomRequest[];
}

export interface SayMessage {
  readonly type: "say";
  readonly ref?: Ref;
  readonly room: string;
  readonly body: string;
  /** @default {"message"} */
  readonly kind?: "message" | "action";
}

/** At most one of `after`, `before` and `around`; without any, the latest events. */
export interface HistoryRequest {
  readonly type: "history";
  readonly ref?: Ref;
  readonly room: string;
  readonly after?: number;
  readonly before?: number;
  readonly around?: number;
  /** 1 to 200. @default {50} */
  readonly limit?: number;
}

export interface SearchRequest {
  readonly type: "search";
  readonly ref?: Ref;
  readonly query: string;
  /** Only this room; absent for all. */
  readonly room?: string;
  /** Only events with a lower `id`: `next` of the answer before. */
  readonly before?: number;
  /** 1 to 100. @default {20} */
  readonly limit?: number;
  /** Events shown before and after each hit, 0 to 5. @default {0} */
  readonly context?: number;
}

export type ServerMessage =
  | WelcomeMessage
  | { readonly type: "named"; readonly name: string }
  | JoinedMessage
  | { readonly type: "left"; readonly ref?: Ref; readonly room: string }
  | { readonly type: "events"; readonly room: string; readonly events: readonly EventJson[] }
  | { readonly type: "live" }
  | {
    readonly type: "crowd";
    readonly room: string;
    readonly joined: number;
    readonly left: number;
  }
  | MembersMessage
  | MembersChange
  | SaidMessage
  | PrivateJson
  | { readonly type: "notice"; readonly ref?: Ref; readonly text: string }
  | ErrorMessage
  | { readonly type: "done"; readonly ref?: Ref }
  | HistoryAnswer
  | SearchAnswer
  | { readonly type: "rooms"; readonly ref?: Ref; readonly rooms: readonly RoomJson[] }
  | { readonly type: "pong"; readonly ref?: Ref; readonly at: string }
  | { readonly type: "bye"; readonly text: string };

export interface WelcomeMessage {
  readonly type: "welcome";
  readonly ref?: Ref;
  /** The name as others see it. */
  readonly name: string;
  /** A secret, for the next `hello`. */
  readonly session: string;
  /** The program's version. */
  readonly version: string;
  /** The server's time. */
  readonly at: string;
  readonly limits: {
    /** Longest body of `say` and `private` in bytes of UTF-8. */
    readonly bodyBytes: number;
    /** Longest message to the server in bytes. */
    readonly messageBytes: number;
    /** Most rooms that one is in. */
    readonly rooms: number;
  };
  /** For completion. */
  readonly commands: readonly CommandJson[];
}

export interface CommandJson {
  /** Without the slash. */
  readonly name: string;
  /** `/who [ROOM]` */
  readonly usage: string;
  readonly summary: string;
}

export interface JoinedMessage {
  readonly type: "joined";
  readonly ref?: Ref;
  /** The name as it was first written; the one that all later messages have. */
  readonly room: string;
  /** `""` for none. */
  readonly topic: string;
  /** The number of the room's latest event; 0 for none. */
  readonly lastSeq: number;
  /** How many are in it, oneself included. */
  readonly count: number;
  /** The first 500 of them. */
  readonly members: readonly MemberJson[];
  /**
   * `true`: what came after `after` follows, as `events`, whole and in order. `false`: what is
   * known of the room is of no use, or too old; `events` is all that is sent of its past.
   */
  readonly resumed: boolean;
  /** The latest things said, joins and parts left out; empty where it is resumed. */
  readonly events: readonly EventJson[];
  /** How many things were said in the 1000 events after `read`; only if that was given. */
  readonly unread?: number;
}

export interface MemberJson {
  readonly name: string;
  /** How they come in: `telnet`, `tcp`, `web`, ... */
  readonly via: string;
  /** What is said of somebody who is away, `""` for no more than that; absent for who is not. */
  readonly away?: string;
}

/** All members of a room, or the first 500. */
export interface MembersMessage {
  readonly type: "members";
  readonly ref?: Ref;
  readonly room: string;
  readonly count: number;
  readonly members: readonly MemberJson[];
}

/** Who came and went since the list, or the change, before. A new name is one of each. */
export interface MembersChange {
  readonly type: "membersChanged";
  readonly room: string;
  readonly count: number;
  readonly joined: readonly MemberJson[];
  readonly left: readonly string[];
}

/** A `say` is on disk, under this number. */
export interface SaidMessage {
  readonly type: "said";
  readonly ref?: Ref;
  readonly room: string;
  readonly seq: number;
}

/** To oneself, or by oneself: then `ref` is that of the request. It is stored nowhere. */
export interface PrivateJson {
  readonly type: "private";
  readonly ref?: Ref;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly body: string;
}

export interface ErrorMessage {
  readonly type: "error";
  readonly ref?: Ref;
  readonly code: string;
  /** A sentence for the person, saying what to do. */
  readonly text: string;
}

export interface HistoryAnswer {
  readonly type: "history";
  readonly ref?: Ref;
  readonly room: string;
  /** All that was said with `after < seq < before` is in `events`; joins and parts are not. */
  readonly after: number;
  readonly before: number;
  /** The number of the room's latest event. */
  readonly lastSeq: number;
  readonly events: readonly EventJson[];
}

export interface SearchAnswer {
  readonly type: "found";
  readonly ref?: Ref;
  /** The newest first. */
  readonly hits: readonly HitJson[];
  /** `before` of the request for more; absent where there is no more. */
  readonly next?: number;
  /** A sentence for the person where not everything was looked through. */
  readonly note?: string;
}

export interface HitJson {
  readonly event: EventJson;
  /** The body, or the part of it that matters, in pieces; those that match are marked. */
  readonly snippet: readonly SnippetPartJson[];
  /** Events of the same room just before and after it. */
  readonly before: readonly EventJson[];
  readonly after: readonly EventJson[];
}

export interface SnippetPartJson {
  readonly text: string;
  readonly isMatch: boolean;
}

export interface RoomJson {
  readonly room: string;
  readonly topic: string;
  readonly lastSeq: number;
  /** How many are in it now. */
  readonly count: number;
}

/** A part of a room's time. */
export interface BucketJson {
  /** When it begins. */
  readonly at: string;
  /** The number of the last event before it: `history` with this `after` begins here. */
  readonly after: number;
  /** Events in it, of all kinds. */
  readonly count: number;
}
