import { redactionDraft } from "../../../../lib/domain/redaction.ts";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { BRIEF } from "../../../../lib/service/chat/digest/collapser_options.ts";
import { LogCollapser } from "../../../../lib/service/chat/digest/log_collapser.ts";
import { retentionGap } from "../../../../lib/domain/retention/retention_gap.ts";
import { type LossCounts, type LossReason, toGap } from "../../../../lib/domain/loss.ts";
import type { RoomEvent } from "../../../../lib/domain/room_event.ts";
import { HELD } from "../../../support/floods.ts";
import { SeededRandom } from "../../../support/random.ts";
import { eventOf } from "../../../support/room_events.ts";

/** Creates consecutive events of a room. */
class Stream {
  #seq = 0;

  /** Lines of a source, all at the same time. */
  lines(count: number, at: number, from = "web1"): RoomEvent[] {
    return Array.from({ length: count }, () => {
      return eventOf(++this.#seq, { kind: "log", from, at, body: `line ${this.#seq}` });
    });
  }

  /** A loss of a source's lines. */
  lost(at: number, from: string, reason: LossReason, counts: LossCounts): RoomEvent {
    const gap = toGap({ room: "lobby", source: from, reason, ...counts });
    return eventOf(++this.#seq, { ...gap, at });
  }

  said(at: number): RoomEvent {
    return eventOf(++this.#seq, { at, body: "hello" });
  }
}

/** The text of events. */
function texts(events: readonly RoomEvent[]): string[] {
  return events.map(({ kind, from, body }) =>
    kind === "log" ? `${from}| ${body}` : `<${from}> ${body}`
  );
}

Deno.test("LogCollapser.push() returns the same array if it has no log lines", () => {
  const events = [eventOf(1), eventOf(2)];
  assertStrictEquals(new LogCollapser(HELD).push(events), events);
});

Deno.test("LogCollapser holds a few lines back for a moment, and passes them on unchanged", () => {
  const folder = new LogCollapser(HELD);
  const lines = new Stream().lines(3, 0);
  assertEquals(folder.push(lines), []);
  assertEquals([folder.isHolding, folder.holdMs], [true, 250]);
  assertEquals(folder.flush(), lines);
  assertEquals([folder.isHolding, folder.flush()], [false, []]);
});

Deno.test("LogCollapser turns a burst into one line, with the count and the first and last number", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  stream.lines(380, 0);
  assertEquals(folder.push(stream.lines(6, 1000)), []);
  assertEquals(folder.push(stream.lines(1198, 1010)), []);
  assertEquals(folder.holdMs, 1000);
  const [fold, ...rest] = folder.flush();
  assertEquals(texts([fold]), ["web1| ... 1,204 lines, #381-#1584"]);
  assertEquals([fold.seq, fold.kind, fold.at, fold.fields, rest], [
    1584,
    "log",
    1010,
    { folded: 1204, first: 381, last: 1584 },
    [],
  ]);
});

Deno.test("LogCollapser passes on the first lines of a burst at once, and folds the others", () => {
  const folder = new LogCollapser(BRIEF);
  const stream = new Stream();
  assertEquals(texts(folder.push(stream.lines(1204, 0))), [
    "web1| line 1",
    "web1| line 2",
    "web1| line 3",
  ]);
  assertEquals(texts(folder.flush()), ["web1| ... 1,201 lines, #4-#1204"]);
  // The flood goes on.
  assertEquals(texts(folder.push(stream.lines(100, 1000))), []);
  assertEquals(texts(folder.flush()), ["web1| ... 100 lines, #1205-#1304"]);
  // Another begins after some silence.
  assertEquals(folder.push(stream.lines(60, 5000)).length, 3);
  assertEquals(texts(folder.flush()), ["web1| ... 57 lines, #1308-#1364"]);
});

Deno.test("LogCollapser passes on a few lines as they come, but only some of many sources", () => {
  const folder = new LogCollapser(BRIEF);
  const stream = new Stream();
  for (let at = 0; at < 5000; at += 400) {
    assertEquals(folder.push(stream.lines(1, at)).length, 1, `at ${at}`);
  }
  const sources = Array.from(
    { length: 300 },
    (_, number) => stream.lines(1, 6000, `source-${number}`),
  );
  assertEquals(folder.push(sources.flat()).length, 3);
  assertEquals(texts(folder.flush()), ["297 sources| ... 297 lines, #17-#313"]);
});

Deno.test("LogCollapser passes on 50 lines a second one by one, and collapses 51", () => {
  const stream = new Stream();
  const few = new LogCollapser(HELD);
  few.push(stream.lines(50, 0));
  assertEquals(few.flush().length, 50);
  const many = new LogCollapser(HELD);
  many.push(stream.lines(51, 0));
  assertEquals(texts(many.flush()), ["web1| ... 51 lines, #51-#101"]);
});

Deno.test("LogCollapser passes on one line a second of a source that stays fast", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  const told: RoomEvent[] = [];
  for (let at = 0; at < 5000; at += 10) told.push(...folder.push(stream.lines(100, at)));
  told.push(...folder.flush());
  assertEquals(texts(told), [
    "web1| ... 10,000 lines, #1-#10000",
    "web1| ... 10,000 lines, #10001-#20000",
    "web1| ... 10,000 lines, #20001-#30000",
    "web1| ... 10,000 lines, #30001-#40000",
    "web1| ... 10,000 lines, #40001-#50000",
  ]);
});

Deno.test("LogCollapser passes on the lines of a source one by one again once it is slow", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  folder.push(stream.lines(100, 0));
  folder.flush();
  const slow = [1000, 2000, 3000].flatMap((at) => {
    return [...folder.push(stream.lines(3, at)), ...folder.flush()];
  });
  // Lines right after a flood still count as part of it.
  assertEquals(texts(slow), [
    "web1| ... 3 lines, #101-#103",
    "web1| line 104",
    "web1| line 105",
    "web1| line 106",
    "web1| line 107",
    "web1| line 108",
    "web1| line 109",
  ]);
});

Deno.test("LogCollapser passes on a message at once, after the lines held back", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  const told = folder.push([
    ...stream.lines(2, 0),
    ...stream.lines(60, 0, "web2"),
    stream.said(0),
    ...stream.lines(1, 0),
  ]);
  assertEquals(texts(told), [
    "web1| line 1",
    "web1| line 2",
    "web2| ... 60 lines, #3-#62",
    "<ann> hello",
  ]);
  assertEquals(texts(folder.flush()), ["web1| line 64"]);
});

Deno.test("LogCollapser folds each source separately, even if their lines are interleaved", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  for (let turn = 0; turn < 30; turn++) {
    folder.push([
      ...stream.lines(2, turn, "a"),
      ...stream.lines(1, turn, "slow"),
      ...stream.lines(3, turn, "b"),
    ].filter(({ from }) => from !== "slow" || turn === 10));
  }
  assertEquals(texts(folder.flush()), [
    "slow| line 63",
    "a| ... 60 lines, #1-#176",
    "b| ... 90 lines, #4-#180",
  ]);
});

Deno.test("LogCollapser passes on a single line of a fast source unchanged", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  folder.push(stream.lines(60, 0));
  folder.flush();
  folder.push(stream.lines(1, 10));
  assertEquals(texts(folder.flush()), ["web1| line 61"]);
});

Deno.test("LogCollapser folds many sources together that are too fast only together", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  for (let source = 0; source < 500; source++) folder.push(stream.lines(3, 0, `host${source}`));
  assertEquals(texts(folder.flush()), ["500 sources| ... 1,500 lines, #1-#1500"]);
});

Deno.test("LogCollapser holds a bounded amount, however many lines and sources there are", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  for (let round = 0; round < 100; round++) {
    for (let source = 0; source < 300; source++) {
      folder.push(stream.lines(1, 0, `host${source}`));
    }
  }
  assert(folder.flush().length <= 301);
});

Deno.test("LogCollapser joins the losses of a flood into one of each kind", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  for (let turn = 0; turn < 60; turn++) {
    const events = [
      ...stream.lines(2, 0),
      stream.lost(0, "web1", "repaired", { lines: 1, places: 2 }),
    ];
    if (turn % 20 === 0) events.push(stream.lost(0, "web1", "cut", { lines: 1, bytes: 100 }));
    assertEquals(folder.push(events), []);
  }
  const told = folder.flush();
  assertEquals(told.map(({ seq, body }) => `#${seq} ${body}`), [
    "#126 3 lines from web1 were too long: 300 bytes were cut off",
    "#182 ... 120 lines, #1-#182",
    "#183 120 places in 60 lines from web1 were not UTF-8, shown as \ufffd",
  ]);
  assertEquals([told[2].kind, told[2].from, told[2].fields], [
    "gap",
    "web1",
    { reason: "repaired", lines: 60, places: 120 },
  ]);
});

Deno.test("LogCollapser passes on a single loss unchanged and in order", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  const first = stream.lost(0, "web1", "cut", { lines: 1, bytes: 5 });
  assertStrictEquals(folder.push([first])[0], first);
  const events = [
    ...stream.lines(1, 0),
    stream.lost(0, "web1", "cut", { lines: 1, bytes: 5 }),
    ...stream.lines(1, 0, "web2"),
    stream.lost(0, "web2", "cut", { lines: 1, bytes: 5 }),
    ...stream.lines(1, 0),
  ];
  assertEquals(folder.push(events), []);
  assertEquals(folder.flush(), events);
  assertEquals([folder.isHolding, folder.flush()], [false, []]);
});

Deno.test("LogCollapser passes on a retention gap at once, after the lines held back", () => {
  const folder = new LogCollapser(HELD);
  const [line] = new Stream().lines(1, 0);
  const gap = retentionGap("lobby", { first: 1, last: 6, reasons: ["age"] }, {});
  const events = [line, { ...gap, id: 2, seq: 2, at: 0 }];
  assertEquals(folder.push(events), events);
});

Deno.test("LogCollapser holds a bounded number of losses, however many sources there are", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  for (let source = 0; source < 5000; source++) {
    const from = `host${source}`;
    folder.push([...stream.lines(1, 0, from), stream.lost(0, from, "cut", { lines: 1, bytes: 1 })]);
  }
  const told = folder.flush();
  assert(told.length <= 102, `${told.length}`);
  const lines = told.filter(({ kind }) => kind === "gap")
    .reduce((sum, { fields }) => sum + Number(fields?.lines), 0);
  assertEquals(lines, 5000);
  const { seq, from, body } = told.at(-1)!;
  assertEquals([seq, from], [10_000, "several"]);
  assertEquals(body, "4,900 lines from several were too long: 4,900 bytes were cut off");
});

Deno.test("LogCollapser flushes what is due by the next event's time, even if the clock is set back", () => {
  const folder = new LogCollapser(HELD);
  const stream = new Stream();
  folder.push(stream.lines(1, 10_000));
  assertEquals(folder.push(stream.lines(1, 10_249)), []);
  assertEquals(texts(folder.push(stream.lines(1, 10_250))), ["web1| line 1", "web1| line 2"]);
  assertEquals(texts(folder.push(stream.lines(1, 5000))), ["web1| line 3"]);
});

Deno.test("LogCollapser passes on every event once and in order, or counts it in a fold", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed);
    const folder = new LogCollapser(HELD);
    const stream = new Stream();
    const events: RoomEvent[] = [];
    const told: RoomEvent[] = [];
    for (let at = 0; events.length < 2000; at += random.int(400)) {
      const what = random.int(10);
      const run = what < 2
        ? [stream.said(at)]
        : what < 4
        ? [stream.lost(at, random.pick(["a", "b", "c"]), "cut", { lines: 1, bytes: 1 })]
        : stream.lines(random.int(random.pick([3, 100])), at, random.pick(["a", "b", "c"]));
      events.push(...run);
      told.push(...folder.push(run));
      if (random.int(10) === 0) told.push(...folder.flush());
    }
    told.push(...folder.flush());
    const counts = (of: readonly RoomEvent[], from: string) =>
      ["gap", "log", "message"].map((sort) =>
        of.filter(({ kind, from: source }) => kind === sort && source === from)
          .reduce((sum, { fields }) => sum + Number(fields?.folded ?? fields?.lines ?? 1), 0)
      );
    for (const from of ["a", "b", "c", "ann"]) {
      assertEquals(counts(told, from), counts(events, from), `seed ${seed}, ${from}`);
    }
    const seqs = told.map(({ seq }) => seq);
    assertEquals(seqs, seqs.toSorted((a, b) => a - b), `seed ${seed}`);
    assertEquals(seqs.at(-1), events.at(-1)!.seq);
    const folded = told.filter(({ fields }) => fields?.folded);
    assert(folded.length > 0 && folded.length < told.length, `seed ${seed}`);
    // No event is both passed on and counted in a fold.
    for (const { from, fields } of folded) {
      const [first, last] = [Number(fields!.first), Number(fields!.last)];
      const within = told.filter((event) =>
        event.from === from && event.kind === "log" && !event.fields?.folded &&
        event.seq >= first && event.seq <= last
      );
      assertEquals(within, [], `seed ${seed}`);
    }
  }
});

Deno.test("LogCollapser.push() tells no text that was redacted while it was held back", () => {
  const stream = new Stream();
  const collapser = new LogCollapser(BRIEF);
  const told = [...collapser.push(stream.lines(6, 0))];
  assert(collapser.isHolding);
  const [, held] = [told.length, told.length + 1];
  const why = { room: "lobby", from: "mia", of: held, why: "" };
  told.push(...collapser.push([eventOf(7, { ...redactionDraft(why), at: 100 })]));
  assertEquals(told.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6, 7]);
  assertEquals(told.filter(({ body }) => body === "").map(({ seq }) => seq), [held, 7]);
});
