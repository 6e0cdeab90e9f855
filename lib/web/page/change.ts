/**
 * The changes that a client reports.
 *
 * @module
 */

import type {
  ConversationsMessage,
  EventJson,
  PreferencesJson,
  PrivateActMessage,
  PrivateJson,
  Ref,
} from "../protocol.ts";
import type { RoomState } from "./room_state.ts";

export type ClientChange =
  /** The connection's status, the user's name, or the unsent lines. */
  | { readonly type: "status" | "named" | "unsent" }
  /** A room's topic, members or unread count. */
  | { readonly type: "room"; readonly room: RoomState }
  | { readonly type: "events"; readonly room: RoomState; readonly events: readonly EventJson[] }
  | { readonly type: "entered"; readonly room: RoomState }
  /** `why` is a sentence if somebody else decided it. */
  | {
    readonly type: "left";
    readonly room: RoomState;
    readonly why?: string;
    /** The same room under its new name. */
    readonly to?: RoomState;
  }
  | {
    readonly type: "account";
    readonly isLoggedOut: boolean;
    /** Keys of the names that the account ignores. */
    readonly ignored: readonly string[];
    readonly preferences?: PreferencesJson;
  }
  /** Another session has changed the preferences of the account. */
  | { readonly type: "preferences"; readonly preferences: PreferencesJson }
  | { readonly type: "private"; readonly message: PrivateJson }
  | PrivateActMessage
  /** All conversations that the server keeps for the user. */
  | ConversationsMessage
  /** The user has read a conversation, here or elsewhere. */
  | { readonly type: "read"; readonly room: string; readonly seq: number }
  | Crowd
  | Notice;

/** Number of people who joined and left a room that is too large to name them. */
export interface Crowd {
  readonly type: "crowd";
  readonly room: RoomState;
  readonly joined: number;
  readonly left: number;
}

/** A message from the server to the user. */
export interface Notice {
  readonly type: "notice";
  readonly text: string;
  readonly isError: boolean;
  /** The command that it answers, if any. */
  readonly ref?: Ref;
  /** The room in which the command was given. */
  readonly room?: string;
}
