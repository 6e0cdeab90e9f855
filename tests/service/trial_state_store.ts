/** A store in memory with a disk that may be full. */

import type { StateChange } from "../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";

export class TrialStateStore extends MemoryStateStore {
  /** Whether nothing can be stored. */
  isFull = false;
  /** Awaited before a change is made. */
  beforeStoring: () => Promise<void> | void = () => {};

  override async update<Result>(
    service: string,
    key: string,
    change: (value: string | undefined) => StateChange<Result>,
  ): Promise<Result> {
    await this.beforeStoring();
    if (!this.isFull) return await super.update(service, key, change);
    // Like a transaction that fails at its end: the change was made, but is not kept.
    change((await this.all(service)).get(key));
    throw new Error("database or disk is full");
  }
}
