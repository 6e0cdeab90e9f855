/**
 * What the server sends over the WebSocket, besides the answers to requests.
 *
 * @module
 */

import type { EventJson } from "../../domain/event_json.ts";
import type {
  HistoryAnswer,
  MissedAnswer,
  PinsAnswer,
  RoomJson,
  RoomSettingsAnswer,
  SearchAnswer,
} from "./answers.ts";
import type { PreferencesJson, Ref } from "./client_message.ts";

export type ServerMessage =
  | WelcomeMessage
  | { readonly type: "named"; readonly name: string }
  | JoinedMessage
  | LeftMessage
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
  | PrivateActMessage
  | ConversationsMessage
  | { readonly type: "read"; readonly room: string; readonly seq: number }
  | { readonly type: "notice"; readonly ref?: Ref; readonly text: string }
  | ErrorMessage
  | { readonly type: "done"; readonly ref?: Ref }
  | HistoryAnswer
  | SearchAnswer
  | { readonly type: "rooms"; readonly ref?: Ref; readonly rooms: readonly RoomJson[] }
  | RoomSettingsAnswer
  | MissedAnswer
  | PinsAnswer
  | AccountMessage
  | {
    readonly type: "preferences";
    readonly ref?: Ref;
    readonly preferences: PreferencesJson;
  }
  | { readonly type: "pong"; readonly ref?: Ref; readonly at: string }
  | { readonly type: "bye"; readonly text: string };

export interface WelcomeMessage {
  readonly type: "welcome";
  readonly ref?: Ref;
  /** The name that others see. */
  readonly name: string;
  /** A secret for the next `hello`. */
  readonly session: string;
  /** What the token of the `hello` is for, if there was one. */
  readonly token?: TokenJson;
  /** The program's version. */
  readonly version: string;
  /** The server's time. */
  readonly at: string;
  readonly limits: {
    /** Longest body of `say` and `private` in bytes of UTF-8. */
    readonly bodyBytes: number;
    /** The most lines of a body. */
    readonly bodyLines: number;
    /** Longest message to the server in bytes. */
    readonly messageBytes: number;
    /** Most rooms that one client can be in. */
    readonly rooms: number;
  };
  /** For completion and help. */
  readonly commands: readonly CommandJson[];
}

/** The client's account, whenever it changes; without a `name` the client has none. */
export interface AccountMessage {
  readonly type: "account";
  readonly ref?: Ref;
  readonly name?: string;
  /** Whether it is an operator of the server. */
  readonly isOperator: boolean;
  /** Keys of the names and sources that it ignores. */
  readonly ignored?: readonly string[];
  /** What the account keeps for its clients. Absent if the server could not read it. */
  readonly preferences?: PreferencesJson;
}

export interface TokenJson {
  readonly account: string;
  /** Keys of the only rooms; absent for all that the account may use. */
  readonly rooms?: readonly string[];
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
  /** The room's name as first written, which all later messages use. */
  readonly room: string;
  /** `""` if no topic is set. */
  readonly topic: string;
  /** `seq` of the room's latest event, or 0 if nothing has happened in it. */
  readonly lastSeq: number;
  /** Members, including the client itself. */
  readonly count: number;
  /** Up to 500 of them. */
  readonly members: readonly MemberJson[];
  /**
   * `true`: everything after `after` follows as `events`, complete and in order. `false`: the
   * client's events are too old or from another log; it starts again from `events`.
   */
  readonly resumed: boolean;
  /** The latest messages, without joins and parts; empty if `resumed`. */
  readonly events: readonly EventJson[];
  /** Messages among the 1000 events after `read`; only if that is known. */
  readonly unread?: number;
  /** How far the client has said that it has read, or the account has, whichever is more. */
  readonly read?: number;
}

/** The client is no longer in the room. */
export interface LeftMessage {
  readonly type: "left";
  readonly ref?: Ref;
  readonly room: string;
  /** A sentence for people, if somebody else decided it: who, why, and what to do now. */
  readonly why?: string;
  /** Set after a rename: the new name of the room, which the client is in already. */
  readonly to?: string;
}

export interface MemberJson {
  readonly name: string;
  /** How they are connected: `telnet`, `tcp`, `web`, ... */
  readonly via: string;
  /** The away message, which may be `""`; absent for members who are not away. */
  readonly away?: string;
}

/** The members of a room, up to 500. */
export interface MembersMessage {
  readonly type: "members";
  readonly ref?: Ref;
  readonly room: string;
  readonly count: number;
  readonly members: readonly MemberJson[];
}

/** Changes since the previous list or change. A change of name is one of each. */
export interface MembersChange {
  readonly type: "membersChanged";
  readonly room: string;
  readonly count: number;
  readonly joined: readonly MemberJson[];
  readonly left: readonly string[];
}

/** A `say` is on disk as this event. */
export interface SaidMessage {
  readonly type: "said";
  readonly ref?: Ref;
  readonly room: string;
  readonly seq: number;
}

/**
 * A private message to or from the client's user. Between two accounts it is kept, and `with`, `room`,
 * `id` and `seq` are present; the request is answered by `said`. Otherwise it is not stored, and the
 * sender gets this message, with the `ref` of the request, as the answer.
 */
export interface PrivateJson {
  readonly type: "private";
  readonly ref?: Ref;
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly body: string;
  /** Name of the other account. */
  readonly with?: string;
  /** When that account was created, in milliseconds since 1970; absent if it was removed. */
  readonly since?: number;
  /** The room of the two, for `history` and `search`. */
  readonly room?: string;
  readonly id?: number;
  readonly seq?: number;
  /** The number of the message that it answers, and what that says. */
  readonly reply?: number;
  readonly about?: EventJson["about"];
}

/** One of the two has removed the text of a message of theirs, or reacted to one. */
export interface PrivateActMessage {
  readonly type: "private-redaction" | "private-reaction";
  /** Name of the other account. */
  readonly with: string;
  readonly room: string;
  readonly event: EventJson;
}

/** The conversations that are kept, after `welcome` and after logging in; the latest first. */
export interface ConversationsMessage {
  readonly type: "conversations";
  readonly conversations: readonly ConversationJson[];
}

export interface ConversationJson {
  /** Name of the other account. */
  readonly with: string;
  /** When that account was created, in milliseconds since 1970; absent if it was removed. */
  readonly since?: number;
  readonly room: string;
  readonly lastSeq: number;
  /** `seq` of the last event that the person has read. */
  readonly read: number;
  /** Messages after it, up to 100. */
  readonly unread: number;
}

export interface ErrorMessage {
  readonly type: "error";
  readonly ref?: Ref;
  readonly code: string;
  /** A sentence for people that says what to do. */
  readonly text: string;
  /** The room of a `hello` that the client could not enter. */
  readonly room?: string;
  /** The password of a `hello` that is missing or wrong. */
  readonly needs?: Needs;
}

/** A password that a `hello` may have to carry. */
export type Needs = "password" | "serverPassword";
