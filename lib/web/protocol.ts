/**
 * The messages of the WebSocket `/ws` as types, shared by the server and the page. `README.md`
 * beside this file says what they mean and in which order they come.
 *
 * Types only, so that importing this module adds nothing to the page.
 *
 * @module
 */

import type { EventJson } from "../domain/event_json.ts";
import type { Level } from "../level.ts";

export type { EventJson };

/** Chosen by the client and repeated in the answer; a string has up to 64 characters. */
export type Ref = string | number;

/** A room to enter, and how much of it the client has already. */
export interface RoomRequest {
  readonly room: string;
  /** `seq` of the last event received; the server sends those after it. */
  readonly after?: number;
  /** `seq` of the last event read by the person; `joined` counts messages after it. */
  readonly read?: number;
  /** The key of a room that has one. */
  readonly key?: string;
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
    /** The number of the message that it answers, in a conversation that is kept. */
    readonly reply?: number;
  }
  | ReadRequest
  | {
    readonly type: "command";
    readonly ref?: Ref;
    /** The room in which the command runs; absent for none. */
    readonly room?: string;
    /** Begins with `/`. */
    readonly line: string;
  }
  | HistoryRequest
  | SearchRequest
  | { readonly type: "rooms"; readonly ref?: Ref }
  | { readonly type: "members"; readonly ref?: Ref; readonly room: string }
  | { readonly type: "room-settings"; readonly ref?: Ref; readonly room: string }
  | MissedRequest
  | { readonly type: "pins"; readonly ref?: Ref; readonly room: string }
  | AccountRequest
  | { readonly type: "ping"; readonly ref?: Ref };

/** The first message. */
export interface HelloMessage {
  readonly type: "hello";
  readonly ref?: Ref;
  /** May be left out with a `token`, which has the name of its account. */
  readonly name?: string;
  /** For programs: acts as the account of the token, where that may. */
  readonly token?: string;
  /** From the previous `welcome`, to take the name over from that connection. */
  readonly session?: string;
  /** Of the account of that name, if it is registered. */
  readonly password?: string;
  /** The password of the whole server, if it has one. */
  readonly serverPassword?: string;
  /** @default {the rooms that the token names, otherwise [{ room: "lobby" }]} */
  readonly rooms?: readonly RoomRequest[];
}

/** What concerns the client's account. All are answered by `account`. */
export type AccountRequest =
  /** Registers the client's name. */
  | { readonly type: "register"; readonly ref?: Ref; readonly password: string }
  /** Proves an account and takes its name. */
  | {
    readonly type: "login";
    readonly ref?: Ref;
    readonly name: string;
    readonly password: string;
  }
  | { readonly type: "logout"; readonly ref?: Ref }
  /** Changes the password of the client's account. */
  | {
    readonly type: "password";
    readonly ref?: Ref;
    readonly old: string;
    readonly new: string;
  }
  /** Keeps something for the clients of the account. Answered by `preferences` to all of them. */
  | {
    readonly type: "preferences";
    readonly ref?: Ref;
    readonly preferences: PreferencesJson;
  };

/** Whatever clients like to keep with an account; the server does not look into it. */
export type PreferencesJson = Readonly<Record<string, unknown>>;

/**
 * How far the person has read a conversation or a room. Not answered, but `read` tells the sessions
 * of their account: of a room, the others. Without an account, rooms are not remembered.
 */
export interface ReadRequest {
  readonly type: "read";
  readonly ref?: Ref;
  /** A room that the client is in, `@bob`, or the `room` of `conversations` and `private`. */
  readonly room: string;
  readonly seq: number;
}

export interface SayMessage {
  readonly type: "say";
  readonly ref?: Ref;
  readonly room: string;
  readonly body: string;
  /** @default {"message"} */
  readonly kind?: "message" | "action";
  /** `seq` of the message that it answers. */
  readonly reply?: number;
}

/** At most one of `after`, `before` and `around`; without them, the latest events. */
export interface HistoryRequest {
  readonly type: "history";
  readonly ref?: Ref;
  readonly room: string;
  readonly after?: number;
  readonly before?: number;
  readonly around?: number;
  /** 1 to 200. @default {50} */
  readonly limit?: number;
  /** Only events that this finds, in the query language or as in `/log`. @default {all} */
  readonly query?: string;
}

export interface SearchRequest {
  readonly type: "search";
  readonly ref?: Ref;
  readonly query: string;
  /** Searches only this room; absent for all. */
  readonly room?: string;
  /** Only events with a lower `id`; `next` of the previous answer. */
  readonly before?: number;
  /** 1 to 100. @default {20} */
  readonly limit?: number;
  /** Events returned before and after each hit, 0 to 5. @default {0} */
  readonly context?: number;
}

/** What the person has missed: in up to 10 rooms, after a number each. */
export interface MissedRequest {
  readonly type: "missed";
  readonly ref?: Ref;
  readonly rooms: readonly { readonly room: string; readonly after: number }[];
}

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
  /** What clients have kept with it. */
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
  /** `""` if there is none. */
  readonly topic: string;
  /** `seq` of the room's latest event; 0 if there is none. */
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
 * `id` and `seq` are there; the request is answered by `said`. Otherwise it is not stored, and the
 * client's own has the request's `ref`.
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

export interface HistoryAnswer {
  readonly type: "history";
  readonly ref?: Ref;
  readonly room: string;
  /**
   * `events` has every message with `after < seq < before`, but no joins and parts; with a `query`,
   * those that it finds.
   */
  readonly after: number;
  readonly before: number;
  /** `seq` of the room's latest event. */
  readonly lastSeq: number;
  readonly events: readonly EventJson[];
}

export interface SearchAnswer {
  readonly type: "found";
  readonly ref?: Ref;
  /** Newest first. */
  readonly hits: readonly HitJson[];
  /** `before` for the next request; absent if there are no more. */
  readonly next?: number;
  /** A sentence for people if not everything was searched. */
  readonly note?: string;
}

export interface HitJson {
  readonly event: EventJson;
  /** The body, or the part around the match, in pieces. */
  readonly snippet: readonly SnippetPartJson[];
  /** The neighbouring events of the same room. */
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
  /** Members now. */
  readonly count: number;
}

/** The rooms in which others have said something, most mentions first. */
export interface MissedAnswer {
  readonly type: "missed";
  readonly ref?: Ref;
  readonly rooms: readonly MissedJson[];
}

export interface MissedJson {
  readonly room: string;
  /** Messages of others among the latest 300 events, and log lines. */
  readonly messages: number;
  readonly logLines: number;
  /** Whether there are more. */
  readonly hasMore: boolean;
  /** Up to 5 people who wrote, the busiest first. */
  readonly people: readonly string[];
  /** How many people wrote. */
  readonly count: number;
  readonly mentions: number;
  /** Number of the first message that mentions the person; absent for none. */
  readonly mention?: number;
  /** Time of the first of the events. */
  readonly since: string;
}

/** What an account may do in a room. Operators of the server may do what owners may. */
export type RoleJson = "operator" | "owner" | "moderator" | "voice";

/** The pinned messages of a room, the latest last. */
export interface PinsAnswer {
  readonly type: "pins";
  readonly ref?: Ref;
  readonly room: string;
  readonly pins: readonly PinJson[];
}

export interface PinJson {
  readonly seq: number;
  /** Who pinned it. */
  readonly by: string;
  readonly at: string;
  /** Absent if it is no longer kept. */
  readonly event?: EventJson;
}

/** The settings of a room, its roles, and what the client may change. See `/room`. */
export interface RoomSettingsAnswer {
  readonly type: "room-settings";
  readonly ref?: Ref;
  readonly room: string;
  /** Whether it has an owner. */
  readonly isRegistered: boolean;
  /** The client's own role; absent for none. */
  readonly role?: RoleJson;
  /** What the client may do: register the room, invite, keep order, change its settings. */
  readonly may: {
    readonly register: boolean;
    readonly invite: boolean;
    readonly moderate: boolean;
    readonly own: boolean;
  };
  readonly settings: {
    readonly private: boolean;
    readonly hidden: boolean;
    readonly moderated: boolean;
    readonly topicLock: boolean;
    /** Whether only numbers and times are kept of what is said. */
    readonly noLog: boolean;
    readonly alerts: boolean;
    readonly hasKey: boolean;
    /** Only for those who may moderate. */
    readonly key?: string;
    /** Most people in it; absent for no limit. */
    readonly limit?: number;
    /** Seconds between two messages of one person; 0 for none. */
    readonly slowSeconds: number;
  };
  /** Accounts with a role, present or not: owners first. */
  readonly roles: readonly { readonly account: string; readonly role: RoleJson }[];
  /** Members who are present and have a role or are operators. */
  readonly members: readonly { readonly name: string; readonly role: RoleJson }[];
  /** These four only for those who may moderate. */
  readonly bans?: readonly RestrictionJson[];
  readonly mutes?: readonly RestrictionJson[];
  /** Names of accounts, addresses and masks. */
  readonly invited?: readonly string[];
  /** Names and addresses that no ban concerns. */
  readonly exceptions?: readonly string[];
}

/** A ban or mute in force. `/unban TARGET` and `/unmute TARGET` end it. */
export interface RestrictionJson {
  /** A name, an account, an address or a range of addresses. */
  readonly target: string;
  /** Other names and addresses that it concerns. */
  readonly also?: readonly string[];
  /** When it ends: ISO 8601; absent for never. */
  readonly until?: string;
  /** Who decided it. */
  readonly by: string;
  /** May be `""`. */
  readonly reason: string;
}

/** The answer of `GET /about`: what the server tells of itself to whoever opens the page. */
export interface AboutJson {
  /** What it is, in one line. */
  readonly description: string;
  /** Who may enter: anybody, or only people with an account. */
  readonly access: "open" | "accounts";
  /** Whether the whole server has a password. */
  readonly hasPassword: boolean;
  /** Commands that connect to its other doors, for the host by which the page was reached. */
  readonly commands: readonly string[];
  /** People who are here; absent if only those who may enter are told. */
  readonly count?: number;
  /** Some of them, from rooms that are not private. */
  readonly names?: readonly string[];
}

/** The events of a span of time. */
export interface BucketJson {
  /** When the span begins. */
  readonly at: string;
  /** `seq` of the last event before it: `history` with this `after` begins here. */
  readonly after: number;
  /** Events of all kinds in it. */
  readonly count: number;
  /** Log lines in it by level, if asked for; lines without a level are not counted. */
  readonly levels?: Readonly<Partial<Record<Level, number>>>;
}
