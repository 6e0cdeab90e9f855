import { assertEquals } from "@std/assert";
import type { RetentionLimits } from "../../../lib/domain/retention/retention.ts";
import { removedThrough, retentionGap } from "../../../lib/domain/retention/retention_gap.ts";
import { draftOf } from "../../support/room_events.ts";

const DAY = 86_400_000;

Deno.test("retentionGap() says how many events, which and why", () => {
  const gap = retentionGap("log", { first: 501, last: 1704, reasons: ["age"] }, {
    maxAgeMs: 30 * DAY,
  });
  assertEquals(gap, {
    room: "log",
    kind: "gap",
    from: "server",
    body: "1,204 events, #501 to #1704, are no longer kept: older than 30 days",
    fields: { reason: "retention", first: 501, last: 1704, count: 1204, because: ["age"] },
  });
});

const WHY: readonly [reasons: ("age" | "size")[], limits: RetentionLimits, sentence: string][] = [
  [["size"], { maxBytes: 500e6 }, "the room had more than 500 MB"],
  [["size"], { maxBytes: 64 * 1024 }, "the room had more than 64 KiB"],
  [["size"], { maxBytes: 1234 }, "the room had more than 1,234 bytes"],
  [["age"], { maxAgeMs: DAY }, "older than 1 day"],
  [["age"], { maxAgeMs: 1.5 * DAY }, "older than 36 hours"],
  [["age"], { maxAgeMs: 90_000 }, "older than 90 seconds"],
  [
    ["size", "age"],
    { maxAgeMs: DAY, maxBytes: 2e12 },
    "older than 1 day, and the room had more than 2 TB",
  ],
  // The limits may have been removed from the configuration since.
  [["age", "size"], {}, "too old, and the room was too large"],
  [[], {}, "the limits of the room"],
];

for (const [reasons, limits, sentence] of WHY) {
  Deno.test(`retentionGap() gives the reason: ${sentence}`, () => {
    const { body } = retentionGap("log", { first: 1, last: 1, reasons }, limits);
    assertEquals(body, `1 event, #1, is no longer kept: ${sentence}`);
  });
}

Deno.test("removedThrough() returns the last number that a gap covers", () => {
  const gap = retentionGap("log", { first: 1, last: 9, reasons: ["age"] }, {});
  assertEquals(removedThrough(gap), 9);
});

Deno.test("removedThrough() is undefined for any other event", () => {
  const fields = { reason: "retention", last: 9 };
  const others = [
    draftOf("log", "", { kind: "gap", from: "ann", fields }),
    draftOf("log", "", { kind: "log", from: "server", fields }),
    draftOf("log", "", { kind: "gap", from: "server" }),
    draftOf("log", "", { kind: "gap", from: "server", fields: { reason: "cut", last: 9 } }),
    draftOf("log", "", { kind: "gap", from: "server", fields: { ...fields, last: "9" } }),
  ];
  assertEquals(others.map(removedThrough), others.map(() => undefined));
});
