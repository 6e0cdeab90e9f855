import { assertEquals } from "@std/assert";
import { type Loss, LossBook, lossOf, toGap } from "../../lib/domain/loss.ts";
import { retentionGap } from "../../lib/domain/retention/retention_gap.ts";
import { draftOf } from "../support/room_events.ts";

const LOSS = { room: "log", source: "build", via: "tcp" } as const;

Deno.test("toGap() says who lost how much and why, in words and in fields", () => {
  assertEquals<unknown>(toGap({ ...LOSS, reason: "cut", lines: 2, bytes: 1204 }), {
    room: "log",
    kind: "gap",
    from: "build",
    body: "2 lines from build were too long: 1,204 bytes were cut off",
    fields: { reason: "cut", lines: 2, bytes: 1204 },
    via: "tcp",
  });
});

Deno.test("toGap() has a sentence for every reason", () => {
  const losses: Loss[] = [
    { ...LOSS, reason: "cut", lines: 1, bytes: 1 },
    { ...LOSS, reason: "repaired", lines: 1, places: 2 },
    { ...LOSS, reason: "missing", lines: 1, bytes: 52 },
    { ...LOSS, reason: "unfinished", lines: 1, bytes: 3 },
    { ...LOSS, reason: "refused", lines: 1204 },
    { ...LOSS, source: "udp://127.0.0.1:514", reason: "dropped", datagrams: 1 },
    { ...LOSS, source: "udp://[::]:514", reason: "address", datagrams: 1 },
    { ...LOSS, source: "udp://[::]:514", reason: "address", datagrams: 1204 },
    { ...LOSS, reason: "protocol", bytes: 78 },
    { ...LOSS, reason: "unsaid", lines: 2, bytes: 8 },
  ];
  assertEquals(losses.map((loss) => toGap(loss).body), [
    "1 line from build was too long: 1 byte was cut off",
    "2 places in 1 line from build were not UTF-8, shown as \ufffd",
    "1 line from build ended before the announced length: 52 bytes were missing",
    "the last line from build had no end: 3 bytes were left out",
    "1,204 lines from build could not be stored, and were lost",
    "1 datagram to udp://127.0.0.1:514 was dropped by the system before it could be read",
    "1 datagram to udp://[::]:514 was dropped: its sender's address is not allowed there",
    "1,204 datagrams to udp://[::]:514 were dropped: their senders' addresses are not allowed there",
    "78 bytes from build were HTTP or TLS, not a log, and were not kept",
    "2 lines from build were received but not said, because the connection ended",
  ]);
});

Deno.test("lossOf() returns the loss caused by refusing a draft", () => {
  assertEquals<unknown>(lossOf(draftOf("log", "x", { kind: "log", from: "build", via: "tcp" })), {
    ...LOSS,
    reason: "refused",
    lines: 1,
  });
  const loss: Loss = { ...LOSS, reason: "cut", lines: 2, bytes: 5 };
  assertEquals<unknown>(lossOf(toGap(loss)), loss);
  assertEquals(lossOf(draftOf("log", "hello")), undefined);
  assertEquals(lossOf(draftOf("log", "1 place", { kind: "gap" })), undefined);
});

Deno.test("lossOf() is undefined for a gap of retention, which the sweeper retries", () => {
  const gap = retentionGap("log", { first: 1, last: 9, reasons: ["age"] }, {});
  assertEquals(lossOf(gap), undefined);
});

Deno.test("LossBook adds up losses of one source and reason", () => {
  const book = new LossBook();
  for (let count = 0; count < 3; count++) book.add({ ...LOSS, reason: "refused", lines: 1 });
  book.add({ ...LOSS, reason: "cut", lines: 1, bytes: 5 });
  book.add({ ...LOSS, reason: "cut", lines: 1, bytes: 7 });
  book.add({ ...LOSS, source: "other", reason: "refused", lines: 1 });
  assertEquals<unknown>([...book.take()], [
    { ...LOSS, reason: "refused", lines: 3 },
    { ...LOSS, reason: "cut", lines: 2, bytes: 12 },
    { ...LOSS, source: "other", reason: "refused", lines: 1 },
  ]);
  assertEquals([...book.take()], []);
});

Deno.test("LossBook holds a limited number of sources and loses no count", () => {
  const book = new LossBook();
  for (let source = 0; source < 5000; source++) {
    book.add({ ...LOSS, source: `s${source}`, reason: "refused", lines: 1 });
  }
  const losses = [...book.take()];
  assertEquals(losses.length, 1001);
  assertEquals([losses.at(-1)!.source, losses.at(-1)!.lines], ["several", 4000]);
});
