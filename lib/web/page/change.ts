/**
 * What a client tells of.
 *
 * @module
 */

import type { EventJson, PrivateJson, Ref } from "../protocol.ts";
import type { RoomState } from "./room_state.ts";

export type ClientChange =
  /** The connection; what one is called; what one has said and nobody has heard yet. */
  | { readonly type: "status" | "named" | "unsent" }
  /** A room's topic, its members, or what is unread of it. */
  | { readonly type: "room"; readonly room: RoomState }
  | { readonly type: "events"; readonly room: RoomState; readonly events: readonly EventJson[] }
  /** One is in it. */
  | { readonly type: "entered"; readonly room: RoomState }
  | { readonly type: "left"; readonly room: RoomState }
  | { readonly type: "private"; readonly message: PrivateJson }
  | Crowd
  | Notice;

/** People came and went in a room too large to name everybody. */
export interface Crowd {
  readonly type: "crowd";
  readonly room: RoomState;
  readonly joined: number;
  readonly left: number;
}

/** Words for the person. */
export interface Notice {
  readonly type: "notice";
  readonly text: string;
  readonly isError: boolean;
  /** The command that they answer; absent if they answer none. */
  readonly ref?: Ref;
  /** Where it was given. */
  readonly room?: string;
}
