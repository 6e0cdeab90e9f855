/**
 * How many events there were since the server started, for its operator.
 *
 * @module
 */

import { LOSS_REASONS, type LossCounts, type LossReason } from "./loss.ts";
import { ROOM_EVENT_KINDS, type RoomEvent, type RoomEventKind } from "./room_event.ts";

type Mutable<Counts> = { -readonly [Name in keyof Counts]: Counts[Name] };

/** Counts committed events. */
export class EventTally {
  readonly kinds = Object.fromEntries(ROOM_EVENT_KINDS.map((kind) => [kind, 0])) as Record<
    RoomEventKind,
    number
  >;
  /** Lines and bytes that gaps tell of, by reason. */
  readonly lost = Object.fromEntries(
    LOSS_REASONS.map((reason) => [reason, { lines: 0, bytes: 0, datagrams: 0 }]),
  ) as Record<LossReason, Mutable<Required<Omit<LossCounts, "places">>>>;
  /** Events removed by retention. */
  expired = 0;
  /** Events that could not be stored. */
  refused = 0;

  add(events: readonly RoomEvent[]): void {
    for (const event of events) {
      this.kinds[event.kind]++;
      if (event.kind === "gap") this.#addGap(event);
    }
  }

  /** All committed events. */
  get total(): number {
    return Object.values(this.kinds).reduce((sum, count) => sum + count, 0);
  }

  #addGap({ from, fields = {} }: RoomEvent): void {
    if (fields.reason === "retention" && from === "server") this.expired += numberOf(fields.count);
    const reason = LOSS_REASONS.find((reason) => reason === fields.reason);
    if (!reason) return;
    const counts = this.lost[reason];
    counts.lines += numberOf(fields.lines);
    counts.bytes += numberOf(fields.bytes);
    counts.datagrams += numberOf(fields.datagrams);
  }
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
