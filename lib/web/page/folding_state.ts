/**
 * Which log lines of a room are folded while it is open. Lines that the user may be reading stay
 * where they are: they are folded only far above the end, and while the user is at the end.
 *
 * @module
 */

import type { EventJson } from "../protocol.ts";
import { MAX_UNBOUNDED } from "./log_fold.ts";
import type { FoldRow } from "./row.ts";
import { isMessage } from "../../domain/room_event.ts";

/** The latest messages and log lines, more than a screen, of which none is folded. */
const LATEST = 100;

export interface Position {
  /** Whether the user sees the end of the list. */
  readonly isAtBottom: boolean;
  /** Whether that is the end of the room. */
  readonly isAtEnd: boolean;
}

export class FoldingState {
  /** Numbers of log lines whose folds are open. */
  readonly unfolded = new Set<number>();
  #keepFrom = Infinity;
  /** The last message when the room was opened. The lines before it are folded from the start. */
  #openedAfter: number | undefined;
  #events: readonly EventJson[] = [];

  /** Follows the loaded events; returns the number from which on no line is folded. */
  update(events: readonly EventJson[], { isAtBottom, isAtEnd }: Position): number {
    if (!isAtBottom) {
      this.#keepEdges(events);
    } else if (isAtEnd && events.length > 0) {
      this.#openedAfter ??= events.findLast(isMessage)?.seq ?? 0;
      this.#keepFrom = Math.max(this.#openedAfter + 1, latestFrom(events));
    }
    this.#events = events;
    return this.#keepFrom;
  }

  /** Folds or unfolds. */
  toggle({ isOpen, openedBy, firstSeq }: FoldRow): void {
    for (const seq of openedBy) this.unfolded.delete(seq);
    if (!isOpen) this.unfolded.add(firstSeq);
  }

  /** The user has left the room, and will see it anew. */
  reopened(): void {
    this.#openedAfter = undefined;
  }

  /**
   * A run of lines that is not loaded completely is shown. Once the rest is loaded it could be folded,
   * but the user may be in the middle of it.
   */
  #keepEdges(events: readonly EventJson[]): void {
    const old = this.#events;
    if (old.length === 0 || events === old) return;
    if (events.indexOf(old[0]) > 0) {
      const run = untilTalk(old);
      if (run.length > MAX_UNBOUNDED) this.#open(run);
    }
    const end = events.indexOf(old[old.length - 1]);
    if (end !== -1 && end < events.length - 1) this.#open(untilTalk(old.toReversed()));
  }

  #open(run: readonly EventJson[]): void {
    const sources = new Map(run.map(({ kind, from, seq }) => [kind === "log" ? from : "", seq]));
    for (const seq of sources.values()) this.unfolded.add(seq);
  }
}

function untilTalk(events: readonly EventJson[]): readonly EventJson[] {
  const end = events.findIndex(isMessage);
  return end === -1 ? events : events.slice(0, end);
}

function latestFrom(events: readonly EventJson[]): number {
  let count = 0;
  for (let at = events.length - 1; at >= 0; at--) {
    const { kind, seq } = events[at];
    if (kind !== "join" && kind !== "part" && ++count === LATEST) return seq;
  }
  return 0;
}
