/**
 * How many lines of a sender have been acknowledged, and where the last of them is in the log: a
 * sender that counts its lines can go on after the server was killed.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { StateStore } from "../../domain/state_store.ts";

/**
 * Where it is kept, and for how long after its last use. All state of that service expires, so
 * nothing else may be kept there.
 */
export const PROGRESS_STATE = { service: "log-progress", unusedMs: 30 * 24 * 60 * 60 * 1000 };

/** Whose lines they are. */
export interface SendingPlace {
  /** Key of the account; `""` for a guest. */
  readonly account: string;
  readonly room: string;
  readonly source: string;
}

/** What has been acknowledged. */
export interface Acknowledged {
  /** Lines of the sender, from its first on. */
  readonly lines: number;
  /** `seq` of the last of them. */
  readonly seq: number;
}

export class SenderProgress {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /**
   * What has been acknowledged; `undefined` for nothing, or nothing that is still known. Confirmed,
   * because another node may just have acknowledged it.
   */
  async find(place: SendingPlace): Promise<Acknowledged | undefined> {
    return await this.#state.update(
      PROGRESS_STATE.service,
      keyOf(place),
      (value) => ({
        value: value ?? null,
        result: value === undefined ? undefined : JSON.parse(value),
      }),
    );
  }

  /** Notes what is about to be acknowledged; resolves once that is on disk. */
  async note(place: SendingPlace, { lines, seq }: Acknowledged): Promise<void> {
    const value = JSON.stringify({ lines, seq });
    await this.#state.update(
      PROGRESS_STATE.service,
      keyOf(place),
      () => ({ value, result: undefined }),
    );
  }
}

function keyOf({ account, room, source }: SendingPlace): string {
  return JSON.stringify([account, nameKey(room), source]);
}
