/**
 * Invitations that their accounts have not heard of yet, because nobody was there.
 *
 * @module
 */

import { nameKey } from "../name.ts";
import type { StateSetting, StateStore } from "../state_store.ts";

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
export class Invitations {
  readonly #state: StateStore;
  /** By account, and then by room. */
  #waiting: Promise<Map<string, Map<string, Invitation>>> | undefined;

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
    const waiting = await this.#load();
    const rooms = waiting.get(account) ?? new Map<string, Invitation>();
    if (invitation) rooms.set(nameKey(room), invitation);
    else rooms.delete(nameKey(room));
    if (rooms.size > 0) waiting.set(account, rooms);
    else waiting.delete(account);
  }

  /** Those that wait for an account, which will not wait any longer. */
  async take(account: string): Promise<readonly Invitation[]> {
    const waiting = await this.#load();
    const rooms = waiting.get(account);
    if (!rooms) return [];
    waiting.delete(account);
    await Promise.all(
      Array.from(
        rooms.keys(),
        (room) =>
          this.#state.update(SERVICE, keyOf(account, room), () => ({ value: null, result: null })),
      ),
    );
    return [...rooms.values()];
  }

  #load(): Promise<Map<string, Map<string, Invitation>>> {
    this.#waiting ??= this.#read().catch((error) => {
      this.#waiting = undefined;
      throw error;
    });
    return this.#waiting;
  }

  async #read(): Promise<Map<string, Map<string, Invitation>>> {
    const waiting = new Map<string, Map<string, Invitation>>();
    for (const [key, value] of await this.#state.all(SERVICE)) {
      const [account, room] = key.split(" ");
      const rooms = waiting.get(account) ?? new Map();
      waiting.set(account, rooms.set(room, JSON.parse(value)));
    }
    return waiting;
  }
}

/** No name contains a space. */
function keyOf(account: string, room: string): string {
  return `${account} ${nameKey(room)}`;
}
