/**
 * Invitations that their accounts have not heard of yet, because nobody was there.
 *
 * @module
 */

import { nameKey } from "../../name.ts";
import { loadAndFollow, type StateSetting, type StateStore } from "../../state_store.ts";

/** Where they are in the state store; the keys end with account and room. */
const SERVICE = "invitations";

/** An invitation to tell somebody of. */
export interface Invitation {
  /** As the room is shown. */
  readonly room: string;
  /** The name of who invited. */
  readonly by: string;
}

/** They are read when the first is asked for. */
export class WaitingInvitations {
  readonly #state: StateStore;
  /** By account, and then by room. */
  readonly #waiting = new Map<string, Map<string, Invitation>>();
  /** Resolves once they have been read; `undefined` until somebody asks. */
  #loading: Promise<void> | undefined;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** The setting that keeps an invitation until it is told, or removes it. */
  setting(account: string, room: string, invitation: Invitation | null): StateSetting {
    const value = invitation && JSON.stringify(invitation);
    return { service: SERVICE, key: keyOf(account, room), value };
  }

  /** Takes over a setting that has been stored. */
  async note(account: string, room: string, invitation: Invitation | null): Promise<void> {
    await this.#load();
    this.#take(account, nameKey(room), invitation);
  }

  /** Those that wait for an account, which will not wait any longer. */
  async take(account: string): Promise<readonly Invitation[]> {
    await this.#load();
    const rooms = this.#waiting.get(account);
    if (!rooms) return [];
    this.#waiting.delete(account);
    const taken = await Promise.all(Array.from(rooms, async ([room, invitation]) => {
      // Another node may have told of it at the same moment.
      const isThere = await this.#state.update(SERVICE, keyOf(account, room), (value) => {
        return { value: null, result: value !== undefined };
      });
      return isThere ? [invitation] : [];
    }));
    return taken.flat();
  }

  #load(): Promise<void> {
    this.#loading ??= loadAndFollow(this.#state, SERVICE, (key, value) => {
      const [account, room] = key.split(" ");
      this.#take(account, room, value === null ? null : JSON.parse(value));
    }).catch((error) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  #take(account: string, room: string, invitation: Invitation | null): void {
    const rooms = this.#waiting.get(account) ?? new Map<string, Invitation>();
    if (invitation) rooms.set(room, invitation);
    else rooms.delete(room);
    if (rooms.size > 0) this.#waiting.set(account, rooms);
    else this.#waiting.delete(account);
  }
}

/** No name contains a space. */
function keyOf(account: string, room: string): string {
  return `${account} ${nameKey(room)}`;
}
