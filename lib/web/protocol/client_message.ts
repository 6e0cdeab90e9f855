/**
 * What clients send over the WebSocket.
 *
 * @module
 */

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
    /** As `conversations` and `private` tell it: only that account gets the message. */
    readonly since?: number;
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
  /** The `session` of the previous `welcome`, to take the name over from that connection. */
  readonly session?: string;
  /** The password of the account of that name, if it is registered. */
  readonly password?: string;
  /** The password of the whole server, if it has one. */
  readonly serverPassword?: string;
  /** @default {the rooms that the token names, otherwise [{ room: "lobby" }]} */
  readonly rooms?: readonly RoomRequest[];
}

/** Requests about the client's account. All are answered by `account`, except `preferences`. */
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
  /** Replaces the preferences. Answered by `preferences`, to all sessions of the account. */
  | {
    readonly type: "preferences";
    readonly ref?: Ref;
    readonly preferences: PreferencesJson;
  };

/** What clients store with an account, up to 16 KiB of JSON; the server does not interpret it. */
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
