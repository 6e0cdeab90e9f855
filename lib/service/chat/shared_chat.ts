/**
 * What all people of a chat share.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { AccessControl } from "../../domain/access/access_control.ts";
import type { AccountCertificates } from "../../domain/access/accounts/account_certificates.ts";
import type { AccountKeys } from "../../domain/access/accounts/account_keys.ts";
import type { Accounts } from "../../domain/access/accounts/accounts.ts";
import type { Tokens } from "../../domain/access/accounts/tokens.ts";
import type { ServerPassword } from "../../domain/access/login/server_password.ts";
import type { Moderation } from "../../domain/access/moderation/moderation.ts";
import type { Archive } from "../../domain/archive/permitted_rooms.ts";
import type { NicknameRegistry } from "../../domain/nickname_registry.ts";
import type { RoomRegistry } from "../../domain/rooms/room_registry.ts";
import type { BlockLimits } from "../../domain/text/block.ts";
import type { RoomDigests } from "./digest/room_digest.ts";
import type { Correspondence } from "./direct/correspondence.ts";
import type { ReadMarks } from "./direct/read_marks.ts";
import type { PersonStore } from "./person_store.ts";
import type { NameClaims } from "./remote/name_claims.ts";
import type { Evictions } from "./rooms/evictions.ts";
import type { FollowerQueue } from "./rooms/follower_queue.ts";
import type { Presence } from "./rooms/presence.ts";
import type { Renderer } from "./text/renderer.ts";

/** The acts in rooms. Their pasts, and lists of them, come from the {@linkcode Archive}. */
export type RoomActs = Omit<RoomRegistry, "open" | "find" | "postUnasked">;

/** @typeParam Person Somebody in the chat. */
export interface SharedChat<Person extends { readonly nickname: string }> {
  readonly clock: Clock;
  readonly registry: RoomActs;
  readonly digests: RoomDigests;
  readonly archive: Archive;
  readonly access: AccessControl;
  readonly accounts: Accounts;
  readonly keys: AccountKeys;
  readonly tokens: Tokens;
  /** The TLS client certificates of accounts. */
  readonly certificates: AccountCertificates;
  /** The server's password, if it has one. Asked for before anybody enters; may change. */
  serverPassword?: ServerPassword;
  readonly moderation: Moderation;
  /** The largest message. */
  readonly blocks: BlockLimits;
  readonly evictions: Evictions;
  /** Those who are here, at whichever node of a cluster. */
  readonly people: NicknameRegistry<Person>;
  /** Agrees on names with the other nodes of a cluster. */
  claims?: NameClaims<Person>;
  readonly presence: Presence<Person>;
  /** Lets people follow when their room is renamed. */
  readonly followers: FollowerQueue;
  readonly renderer: Renderer;
  /** How far accounts have read their conversations. */
  readonly readMarks: ReadMarks<Correspondence>;
  /** Settings and read marks from earlier visits. */
  readonly memory: PersonStore;
  /** Added to connection numbers to make origins, which are stored and must differ between runs. */
  readonly firstOrigin: number;
}
