/**
 * Looks for anything that contradicts one order: in what people saw on every node, in what streams
 * of events said, in receipts, and in what the nodes have stored in the end.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";

/** An event as the export has it. */
export interface ExportedEvent {
  readonly id: number;
  readonly room: string;
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly from: string;
  readonly body: string;
}

/** What one person saw of others from entering a room until leaving it, or being cut off. */
export interface Sight {
  readonly who: string;
  readonly bodies: string[];
}

/** What a log sender was told. */
export interface Receipt {
  readonly lines: readonly string[];
  readonly first: number;
  readonly last: number;
}

export class OneOrderChecker {
  readonly sights: Sight[] = [];
  readonly streamed: ExportedEvent[][] = [];
  readonly receipts: Receipt[] = [];
  /** What each person said, in order. */
  readonly said = new Map<string, string[]>();

  /** The list of what one person said, to add to. */
  saidBy(name: string): string[] {
    const said = this.said.get(name) ?? [];
    this.said.set(name, said);
    return said;
  }

  /** @param exported What all nodes have stored. @throws {Error} that says what is wrong. */
  check(exported: string): void {
    const events: ExportedEvent[] = exported.trim().split("\n").map((line) => JSON.parse(line));
    this.#checkNumbers(events);
    const lobby = events.filter(({ room, kind }) => room === "lobby" && kind === "message");
    this.#checkSaid(lobby);
    for (const sight of this.sights) checkSight(sight, lobby);
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const streamed of this.streamed) {
      streamed.forEach((event, index) => {
        const { id, room, seq, at, kind, from, body } = byId.get(event.id) ?? event;
        assertEquals(pick(event), { id, room, seq, at, kind, from, body }, "as it was streamed");
        if (index > 0) assertEquals(event.seq, streamed[index - 1].seq + 1, "a stream has no gap");
      });
    }
    const log = new Map(
      events.filter(({ room }) => room === "log").map((each) => [each.seq, each]),
    );
    for (const { lines, first, last } of this.receipts) {
      // Those of other senders may lie between them.
      const own = new Set(lines);
      const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      const stored = numbers.map((seq) => log.get(seq)?.body).filter((body) => own.has(body!));
      assertEquals([log.get(first)?.body, log.get(last)?.body], [lines[0], lines.at(-1)]);
      assertSame(stored, lines, `what had receipt #${first}-#${last}`);
    }
  }

  #checkNumbers(events: readonly ExportedEvent[]): void {
    const ends = new Map<string, number>();
    events.toSorted((a, b) => a.id - b.id).forEach(({ id, room, seq, at }, index, sorted) => {
      assertEquals(id, index + 1, "ids have no gap");
      assertEquals(seq, (ends.get(room) ?? 0) + 1, `#${room} has no gap`);
      ends.set(room, seq);
      assert(index === 0 || at >= sorted[index - 1].at, "time goes on");
    });
  }

  /** Nothing is doubled, and what one person says keeps its order. */
  #checkSaid(lobby: readonly ExportedEvent[]): void {
    const bodies = lobby.map(({ body }) => body);
    assertEquals(bodies.length, new Set(bodies).size, "nothing is doubled");
    for (const [who, said] of this.said) {
      const stored = lobby.filter(({ from }) => from === who).map(({ body }) => body);
      const kept = new Set(stored);
      assertSame(stored, said.filter((body) => kept.has(body)), `the order of ${who}`);
    }
  }
}

/** From the first to the last that somebody saw, they saw everything of others, once, in order. */
function checkSight({ who, bodies }: Sight, lobby: readonly ExportedEvent[]): void {
  if (bodies.length === 0) return;
  const others = lobby.filter(({ from }) => from !== who).map(({ body }) => body);
  const first = others.indexOf(bodies[0]);
  assert(first !== -1, `${who} saw ${bodies[0]}, which is not stored`);
  assertSame(bodies, others.slice(first, first + bodies.length), `what ${who} saw`);
}

/** Fails with the first difference of two lists: finding all of long ones takes too long. */
function assertSame(
  actual: readonly (string | undefined)[],
  expected: readonly (string | undefined)[],
  what: string,
): void {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index++) {
    if (actual[index] === expected[index]) continue;
    const near = (list: typeof actual) => list.slice(Math.max(0, index - 3), index + 4);
    assertEquals(near(actual), near(expected), `${what}, from line ${index + 1} of ${length}`);
  }
}

function pick({ id, room, seq, at, kind, from, body }: ExportedEvent): ExportedEvent {
  return { id, room, seq, at, kind, from, body };
}
