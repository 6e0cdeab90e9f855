/**
 * Answers to the requests of WebSocket clients.
 *
 * @module
 */

import type { EventJson } from "../../domain/event_json.ts";
import type { Ref } from "./client_message.ts";

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
  /** The current name of a registered room that was renamed: its earlier messages are in this one. */
  readonly renamedTo?: string;
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
