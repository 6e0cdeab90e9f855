import { assertEquals } from "@std/assert";
import { EventTally } from "../../lib/domain/event_tally.ts";
import { toGap } from "../../lib/domain/loss.ts";
import { retentionGap } from "../../lib/domain/retention/retention_gap.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { draftOf } from "../support/room_events.ts";

function committed(...drafts: readonly Draft[]): RoomEvent[] {
  return drafts.map((draft, index) => ({ ...draft, id: index + 1, seq: index + 1, at: 0 }));
}

Deno.test("EventTally.add() counts events by kind", () => {
  const tally = new EventTally();
  tally.add(committed(draftOf("ops", "one"), draftOf("ops", "two"), {
    ...draftOf("ops", ""),
    kind: "join",
  }));
  assertEquals([tally.kinds.message, tally.kinds.join, tally.kinds.log], [2, 1, 0]);
  assertEquals(tally.total, 3);
});

Deno.test("EventTally.add() adds up by reason what gaps say was lost, and what retention removed", () => {
  const tally = new EventTally();
  const loss = { room: "log", source: "app" } as const;
  tally.add(committed(
    toGap({ ...loss, reason: "cut", lines: 2, bytes: 700 }),
    toGap({ ...loss, reason: "cut", lines: 1, bytes: 30 }),
    toGap({ ...loss, reason: "dropped", datagrams: 9 }),
    retentionGap("log", { first: 1, last: 40, reasons: ["age"] }, { maxAgeMs: 60_000 }),
    { ...draftOf("log", ""), kind: "gap", fields: { reason: "another version's", lines: 5 } },
  ));
  assertEquals(tally.lost.cut, { lines: 3, bytes: 730, datagrams: 0 });
  assertEquals(tally.lost.dropped, { lines: 0, bytes: 0, datagrams: 9 });
  assertEquals(tally.lost.refused, { lines: 0, bytes: 0, datagrams: 0 });
  assertEquals(tally.expired, 40);
  assertEquals(tally.kinds.gap, 5);
});
