import { assert, assertEquals } from "@std/assert";
import { RowLayout } from "../../../lib/web/page/row_layout.ts";
import { buildRows } from "../../../lib/web/page/rows.ts";
import { ScrollAnchoring } from "../../../lib/web/page/scroll_anchoring.ts";
import { Timeline } from "../../../lib/web/page/timeline.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";
import { SeededRandom } from "../../support/random.ts";

const VIEWPORT = 600;

function event(seq: number): EventJson {
  const at = new Date(2026, 10, 21, 6, 30, seq).toISOString();
  return { id: seq, room: "lobby", seq, at, kind: "message", from: `p${seq % 3}`, body: "x" };
}

function page(first: number, last: number, lastSeq: number) {
  const events = Array.from({ length: last - first + 1 }, (_, at) => event(first + at));
  return {
    type: "history",
    room: "lobby",
    after: first - 1,
    before: last + 1,
    lastSeq,
    events,
  } as const;
}

/** A list like the page's, in which each row's height depends on its number. */
class List {
  readonly timeline = new Timeline(0);
  readonly layout = new RowLayout();
  readonly keeper = new ScrollAnchoring(this.layout);
  scrollTop = 0;
  /** How often the code scrolled, rather than the user. */
  scrolls = 0;

  constructor(lastSeq: number) {
    this.timeline.reset(page(Math.max(1, lastSeq - 19), lastSeq, lastSeq).events, lastSeq);
    this.draw();
  }

  draw(): void {
    const { events, isAtStart } = this.timeline;
    this.layout.setRows(
      buildRows({ events, name: "", unfolded: new Set(), isAtStart, notes: [], unsent: [] }),
    );
    // Like the page: render the visible rows, measure them, render again if some are missing.
    for (let pass = 0; pass < 10; pass++) {
      const [start, end] = this.layout.rangeOf(this.scrollTop - 600, this.scrollTop + 1200);
      const isChanged = this.layout.measure(
        new Map(this.layout.rows.slice(start, end).map(({ key }) => [key, heightOf(key)])),
      );
      const position = this.keeper.settle(this.timeline, this.scrollTop, VIEWPORT);
      if (position !== this.scrollTop) this.scrolls++;
      this.scrollTop = position;
      if (!isChanged) break;
    }
    this.keeper.rest(this.scrollTop, VIEWPORT, this.timeline.isAtEnd);
  }

  scrollBy(pixels: number): void {
    const most = Math.max(0, this.layout.total - VIEWPORT);
    this.scrollTop = Math.max(0, Math.min(this.scrollTop + pixels, most));
    this.keeper.scrolled(this.scrollTop, VIEWPORT, this.timeline.isAtEnd);
    this.draw();
  }

  /** Position of an event's row on the screen. */
  place(seq: number): number {
    const index = this.layout.rows.findIndex(({ key }) => key === `m${seq}`);
    return this.layout.top(index) - this.scrollTop;
  }

  /** An event whose row is on the screen. */
  get seen(): number {
    const rows = this.layout.rows.slice(this.layout.indexAt(this.scrollTop + 50));
    return rows.find(({ key }) => key.startsWith("m"))!.firstSeq;
  }
}

function heightOf(key: string): number {
  return 18 + (Number(key.slice(1)) * 7919 || 5) % 60;
}

Deno.test("ScrollAnchoring starts at the end, and follows it", () => {
  const list = new List(1000);
  assertEquals(list.scrollTop, list.layout.total - VIEWPORT);
  list.timeline.receive([event(1001)]);
  list.draw();
  assertEquals(list.scrollTop, list.layout.total - VIEWPORT);
  assert(list.place(1001) < VIEWPORT);
});

Deno.test("ScrollAnchoring keeps visible rows in place when messages arrive", () => {
  const list = new List(1000);
  list.timeline.merge(page(900, 980, 1000));
  list.draw();
  list.scrollBy(-700);
  const { seen } = list;
  const before = list.place(seen);
  list.timeline.receive([event(1001), event(1002)]);
  list.draw();
  assertEquals(list.place(seen), before);
});

Deno.test("ScrollAnchoring moves rows by exactly the scrolled distance, throughout a long room", () => {
  const list = new List(2000);
  const random = new SeededRandom(3);
  while (!list.timeline.isAtStart || list.scrollTop > 0) {
    const { seen } = list;
    const before = list.place(seen);
    const isNearStart = list.timeline.isAtStart && list.place(1) > -500;
    list.scrollBy(-40 - random.int(400));
    // At the start of the room there is nothing left to scroll.
    if (!isNearStart) {
      const moved = list.place(seen) - before;
      assert(moved >= 39.9 && moved <= 440.1, `#${seen} moved by ${moved}`);
    }
    if (list.layout.indexAt(list.scrollTop) < 40 && !list.timeline.isAtStart) {
      const still = list.place(list.seen);
      const { seen } = list;
      const { after } = list.timeline;
      list.timeline.merge(page(Math.max(1, after - 99), after, 2000));
      list.draw();
      assert(Math.abs(list.place(seen) - still) < 0.01, `#${seen} jumped`);
    }
  }
  assertEquals(list.layout.above, 0);
  assert(list.scrolls < 60, `scrolled ${list.scrolls} times by itself`);
});

Deno.test("ScrollAnchoring.seqAt() finds the event that the scroll bar points at", () => {
  const list = new List(100_000);
  const { layout, timeline, keeper } = list;
  assertEquals(keeper.seqAt(timeline, 0, VIEWPORT), 1);
  const half = keeper.seqAt(timeline, layout.above / 2, VIEWPORT)!;
  assert(half > 45_000 && half < 55_000, String(half));
  assertEquals(keeper.seqAt(timeline, list.scrollTop, VIEWPORT), undefined);
  timeline.merge(page(40_000, 40_100, 100_000));
  list.draw();
  assertEquals(keeper.seqAt(timeline, layout.total - 1, VIEWPORT), 100_000);
});

Deno.test("ScrollAnchoring keeps the height within the limits of browsers", () => {
  const list = new List(50_000_000);
  assert(list.layout.total < 10_000_000);
});

Deno.test("RowLayout.indexOf() finds the row that replaced a removed one", () => {
  const list = new List(1000);
  const { layout } = list;
  assertEquals(layout.rows[layout.indexOf({ key: "m990", seq: 990, y: 0 })].key, "m990");
  assertEquals(layout.rows[layout.indexOf({ key: "gone", seq: 990, y: 0 })].key, "m990");
  assertEquals(layout.indexOf({ key: "gone", seq: 5000, y: 0 }), layout.rows.length - 1);
  layout.setRows([]);
  assertEquals(layout.indexOf({ key: "gone", seq: 1, y: 0 }), -1);
});
