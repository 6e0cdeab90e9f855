/**
 * Receipts for what one person says: each is given once it is known whether it was kept.
 *
 * Drafts of one person in one room are kept, or refused, in the order in which they were handed
 * in, so that counting them tells which is which.
 *
 * @module
 */

import type { Draft, RoomEvent, RoomEventKind } from "../../domain/room_event.ts";

/** Hears the number of what was said, or `undefined` where it could not be kept. */
export type SayReceipt = (room: string, seq: number | undefined) => void;

export class SayReceipts {
  /** For each room, one for everything said; `undefined` where nobody asked. */
  readonly #expected = new Map<string, (SayReceipt | undefined)[]>();
  #count = 0;

  /** How many things said are still on their way. */
  get count(): number {
    return this.#count;
  }

  /** Counts something said. */
  expect(room: string, kind: RoomEventKind, receipt?: SayReceipt): void {
    if (!isSaid(kind)) return;
    const expected = this.#expected.get(room);
    if (expected) expected.push(receipt);
    else this.#expected.set(room, [receipt]);
    this.#count++;
  }

  /** Gives the receipts for committed events of the person's own. */
  settle(events: readonly RoomEvent[]): void {
    for (const { kind, room, seq } of events) {
      if (isSaid(kind)) this.#next(room)?.(room, seq);
    }
  }

  /** Gives the receipts for what was refused; returns the drafts for which nobody asked. */
  refuse(drafts: readonly Draft[]): Draft[] {
    return drafts.filter((draft) => {
      const receipt = isSaid(draft.kind) ? this.#next(draft.room) : undefined;
      receipt?.(draft.room, undefined);
      return receipt === undefined;
    });
  }

  #next(room: string): SayReceipt | undefined {
    const expected = this.#expected.get(room);
    if (!expected || expected.length === 0) return undefined;
    this.#count--;
    const receipt = expected.shift();
    if (expected.length === 0) this.#expected.delete(room);
    return receipt;
  }
}

function isSaid(kind: RoomEventKind): boolean {
  return kind === "message" || kind === "action";
}
