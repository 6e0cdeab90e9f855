/**
 * Removes what the end of a node's run leaves behind: the names of its people, and its jobs.
 *
 * This takes small transactions before the entry that ends the run is applied: there may be
 * thousands of names, and removing them all in one transaction would keep everybody waiting. Nothing
 * else depends on them at that moment, so a process that dies halfway removes the rest when it
 * applies the entry again.
 *
 * @module
 */

import type { NextTurn } from "../clock.ts";
import type { MessageLog } from "../domain/message_log.ts";
import type { StateSetting, StateTable } from "../domain/state_store.ts";
import { CLUSTER_JOB_STATE, CLUSTER_NAME_STATE } from "../domain/visitor.ts";

/** Values read and removed in one turn of the event loop. */
const PAGE_VALUES = 500;
/** Appended to a key, gives the key that sorts next. */
const NEXT = "\0";

export class Leftovers {
  readonly #log: Pick<MessageLog, "store">;
  readonly #state: Pick<StateTable, "page">;
  readonly #nextTurn: NextTurn | undefined;
  /** Removed, but not announced yet. */
  #removed: StateSetting[] = [];

  constructor(
    log: Pick<MessageLog, "store">,
    state: Pick<StateTable, "page">,
    nextTurn: NextTurn | undefined,
  ) {
    this.#log = log;
    this.#state = state;
    this.#nextTurn = nextTurn;
  }

  /**
   * Removes the leftovers of a node.
   *
   * @param at The time of the entry that ends the run.
   * @returns What was removed, including by earlier attempts at the same entry.
   * @throws {Error} if they cannot be removed; the caller may try again.
   */
  async remove(node: string, at: number): Promise<readonly StateSetting[]> {
    for (const service of [CLUSTER_NAME_STATE, CLUSTER_JOB_STATE]) {
      for (let from: string | undefined = ""; from !== undefined;) {
        const page = this.#state.page(service, from, PAGE_VALUES);
        await this.#removeFrom(page, { service, node, at });
        from = page.size < PAGE_VALUES ? undefined : [...page.keys()].at(-1)! + NEXT;
        await this.#nextTurn?.();
      }
    }
    return this.#removed;
  }

  /** Called once the entry is stored: its consequences are then announced. */
  forget(): void {
    this.#removed = [];
  }

  async #removeFrom(
    page: ReadonlyMap<string, string>,
    { service, node, at }: { service: string; node: string; at: number },
  ): Promise<void> {
    const removed: StateSetting[] = [];
    for (const [key, value] of page) {
      if (JSON.parse(value).node === node) removed.push({ service, key, value: null });
    }
    if (removed.length === 0) return;
    await this.#log.store([], removed.map((setting) => ({ ...setting, at })));
    this.#removed.push(...removed);
  }
}
