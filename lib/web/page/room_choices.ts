/**
 * Which rooms are muted, and how all are sorted. Both are stored with the user's account or, for
 * guests, in the browser.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { ClientChange } from "./change.ts";
import type { Client } from "./client.ts";
import { type KeptPreferences, keptPreferences, type RoomOrder } from "./preferences.ts";
import type { RoomState } from "./room_state.ts";

export interface RoomChoicesOptions {
  readonly client: Client;
  /** The choices stored in the browser. */
  inBrowser(): KeptPreferences;
  /** Changes the choices stored in the browser. */
  prefer(change: Partial<KeptPreferences>): void;
  onChange(): void;
}

export class RoomChoices {
  readonly #options: RoomChoicesOptions;
  #ofAccount: KeptPreferences | undefined;
  /** Choices that the account has yet to store. */
  #unsent: KeptPreferences | undefined;

  constructor(options: RoomChoicesOptions) {
    this.#options = options;
  }

  apply(change: ClientChange): void {
    if (change.type !== "account" && change.type !== "preferences") return;
    const { account } = this.#options.client.state;
    if (!account) this.#unsent = undefined;
    const { preferences } = change;
    const isEmpty = preferences && Object.keys(preferences).length === 0;
    this.#ofAccount = this.#unsent ??
      (preferences && !isEmpty ? keptPreferences(preferences) : undefined);
    // An account without choices gets those of the first browser that logs in.
    if (account && change.type === "account" && (isEmpty || this.#unsent)) this.#keep({});
  }

  get order(): RoomOrder {
    return this.#kept.roomOrder;
  }

  sort(roomOrder: RoomOrder): void {
    this.#keep({ roomOrder });
  }

  /** Whether unread messages of a room are not shown. */
  isMuted({ name }: RoomState): boolean {
    return this.#kept.muted.includes(nameKey(name));
  }

  /** How many unread messages of a room count: in a muted one, those that mention the user. */
  unreadIn(room: RoomState): number {
    return this.isMuted(room) ? room.mentions : room.unread;
  }

  toggleMute({ name }: RoomState): void {
    const key = nameKey(name);
    const { muted } = this.#kept;
    const others = muted.filter((other) => other !== key);
    this.#keep({ muted: others.length < muted.length ? others : [...muted, key] });
  }

  /** A room stays muted under its new name. */
  moved(from: RoomState, to: RoomState): void {
    if (this.isMuted(from) && !this.isMuted(to)) this.toggleMute(to);
  }

  get #kept(): KeptPreferences {
    return this.#ofAccount ?? this.#options.inBrowser();
  }

  #keep(change: Partial<KeptPreferences>): void {
    const { client, prefer, onChange } = this.#options;
    if (!client.state.account) return prefer(change);
    this.#ofAccount = keptPreferences({ ...this.#kept, ...change });
    void this.#store(this.#ofAccount);
    onChange();
  }

  /** Stores the choices with the account; if that fails, once the page is connected again. */
  async #store(kept: KeptPreferences): Promise<void> {
    this.#unsent = kept;
    try {
      await this.#options.client.keep(kept);
    } catch {
      return;
    }
    if (this.#unsent === kept) this.#unsent = undefined;
  }
}
