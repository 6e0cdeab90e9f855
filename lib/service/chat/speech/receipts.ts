/**
 * Receipts for what one person says, given once it is known whether a message was stored.
 *
 * One person's drafts in one room are stored or refused in the order in which they were submitted,
 * so counting them tells which is which.
 *
 * @module
 */

import type { Draft, RoomEvent, RoomEventKind } from "../../../domain/room_event.ts";

/** Called with the `seq` of a message, or the reason why it could not be stored. */
export type SayReceipt = (room: string, outcome: number | Error) => void;

export class SayReceipts {
  /** By room, one entry for each message; `undefined` if nobody asked for a receipt. */
  readonly #expected = new Map<string, (SayReceipt | undefined)[]>();
  #count = 0;

  /** Messages submitted and not yet stored or refused. */
  get count(): number {
    return this.#count;
  }

  /** Counts a message that is being submitted. */
  expect(room: string, kind: RoomEventKind, receipt?: SayReceipt): void {
    if (!isSaid(kind)) return;
    const expected = this.#expected.get(room);
    if (expected) expected.push(receipt);
    else this.#expected.set(room, [receipt]);
    this.#count++;
  }

  /** Gives the receipts for committed events, all of them the person's own. */
  settle(events: readonly RoomEvent[]): void {
    for (const { kind, room, seq } of events) {
      if (isSaid(kind)) this.#next(room)?.(room, seq);
    }
  }

  /** Gives the receipts for refused drafts; returns the drafts without one. */
  refuse(drafts: readonly Draft[], reason: Error): Draft[] {
    return drafts.filter((draft) => {
      const receipt = isSaid(draft.kind) ? this.#next(draft.room) : undefined;
      receipt?.(draft.room, reason);
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
