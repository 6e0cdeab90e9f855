/**
 * A person in the chat as rooms and screens see them: name, door, current room, and whom they
 * ignore.
 *
 * @module
 */

import type { ConnectionContext } from "../../context.ts";
import type { Account } from "../../domain/access/accounts/account.ts";
import type { Asker, Capacity } from "../../domain/asker.ts";
import type { Member, RoomStream } from "../../domain/rooms/room_stream.ts";
import type { Viewer } from "./screen.ts";

/** What the person's client has told of them, for doors whose clients tell something. */
export interface ClientDetails {
  /** The user name; `""` for none. */
  readonly user: string;
  readonly realname: string;
  /** Letters of modes that the client has set for itself, as on IRC. */
  readonly modes: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<string> = new Set();

export class ChatMember implements Member, Viewer {
  readonly context: ConnectionContext;
  readonly origin: number;
  followedLog: string | undefined;
  isOperator = false;
  hasLeft = false;
  userHost: string | undefined;
  /** Absent if the client tells nothing. */
  details: ClientDetails | undefined;
  #ignored: ReadonlySet<string> = NOBODY;
  #token: Asker | undefined;
  #nickname = "";
  #currentRoom: RoomStream | undefined;

  readonly via: string;

  /**
   * @param firstOrigin As in `ChatContext`.
   * @param via How the person is connected, if more is known than the endpoint's scheme.
   */
  constructor(context: ConnectionContext, firstOrigin: number, via = context.transport) {
    this.context = context;
    this.origin = firstOrigin + context.connection;
    this.via = via;
  }

  /** `""` until a name has been taken. */
  get nickname(): string {
    return this.#nickname;
  }

  get currentRoom(): RoomStream | undefined {
    return this.#currentRoom;
  }

  get address(): string | undefined {
    return this.context.address;
  }

  /** Key of the account that the person has proven to own, if any. */
  get account(): string | undefined {
    return this.context.account;
  }

  /** Keys of ignored names. Replaced and never changed, because nearly everybody ignores nobody. */
  get ignored(): ReadonlySet<string> {
    return this.#ignored;
  }

  ignore(keys: Iterable<string>): void {
    this.#ignored = this.#ignored.union(new Set(keys));
  }

  /** Ignores somebody no longer; returns whether they were ignored. */
  heed(key: string): boolean {
    const isIgnored = this.#ignored.has(key);
    this.#ignored = this.#ignored.difference(new Set([key]));
    return isIgnored;
  }

  heedAll(): void {
    this.#ignored = NOBODY;
  }

  /** Sets what the person has proven; `undefined` for a guest. */
  identify(account: Account | undefined): void {
    this.context.account = account?.key;
    this.isOperator = account?.isOperator ?? false;
  }

  get capacity(): Capacity {
    return this.#token?.capacity ?? "person";
  }

  get onlyRooms(): ReadonlySet<string> | undefined {
    return this.#token?.onlyRooms;
  }

  get revoked(): AbortSignal | undefined {
    return this.#token?.revoked;
  }

  /** The token that the member acts with; `undefined` for a person. */
  get token(): Asker | undefined {
    return this.#token;
  }

  /** Acts as the account of a token, or no longer. */
  actWith(token: Asker | undefined): void {
    if (!token && !this.#token) return;
    this.#token = token;
    this.context.account = token?.account;
  }

  rename(nickname: string): void {
    this.#nickname = nickname;
    this.context.nickname = nickname;
  }

  turnTo(room: RoomStream | undefined): void {
    this.#currentRoom = room;
    this.context.room = room?.name;
  }
}
