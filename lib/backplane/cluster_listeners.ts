/**
 * The listeners that are told what entries do besides adding events.
 *
 * @module
 */

import type { StateSetting } from "../domain/state_store.ts";
import { log } from "../log.ts";
import type { NodeRun } from "./entry.ts";

/** Settings that listeners are told of before others have a turn. */
const TOLD_AT_ONCE = 500;

/** A run of a node, and its number among all runs of the cluster. */
export interface NumberedRun extends NodeRun {
  /** From 1. */
  readonly number: number;
}

/** Learns what entries do besides adding events. */
export interface ClusterListener {
  /**
   * State was changed by an entry. It is stored, and the events of the same entry come next.
   *
   * @param isOwn Whether this node asked for it.
   */
  settings?(settings: readonly StateSetting[], isOwn: boolean): void;
  /** A run of a node has begun, after the one before it ended. */
  began?(run: NumberedRun, isOwn: boolean): void;
  /** A run of a node is over. If it was this node's own, the next one begins by itself. */
  ended?(run: NodeRun, isOwn: boolean): void;
  /** Whether this node has reached the cluster has changed. */
  reached?(isReached: boolean): void;
}

export class ClusterListeners {
  readonly #listeners: ClusterListener[] = [];

  add(listener: ClusterListener): void {
    this.#listeners.push(listener);
  }

  /** One that throws harms only itself. */
  tell(tell: (listener: ClusterListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        tell(listener);
      } catch (error) {
        log("cluster").error("Cannot announce an entry: {error}", { error });
      }
    }
  }

  /**
   * Tells of settings that nobody asked for, a bounded number in each turn: thousands of people may
   * leave with a node.
   */
  async tellConsequences(
    settings: readonly StateSetting[],
    nextTurn: () => Promise<void>,
  ): Promise<void> {
    for (let start = 0; start < settings.length; start += TOLD_AT_ONCE) {
      if (start > 0) await nextTurn();
      const some = settings.slice(start, start + TOLD_AT_ONCE);
      this.tell((listener) => listener.settings?.(some, false));
    }
  }
}
