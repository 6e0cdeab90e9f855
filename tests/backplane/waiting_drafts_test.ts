import { assert, assertEquals } from "@std/assert";
import { WaitingDrafts } from "../../lib/backplane/waiting_drafts.ts";
import type { Draft } from "../../lib/domain/room_event.ts";
import { SeededRandom } from "../support/random.ts";
import { draftOf } from "../support/room_events.ts";

const said = (origin: number, body: string): Draft => ({ ...draftOf("lobby", body), origin });
const bodiesOf = (drafts: readonly Draft[]) => drafts.map(({ body }) => body);

Deno.test("WaitingDrafts hands out everything in order if it fits in a batch", () => {
  const waiting = new WaitingDrafts();
  for (const [origin, body] of [[1, "a"], [2, "b"], [1, "c"]] as const) {
    waiting.push(said(origin, body));
  }
  assertEquals(bodiesOf(waiting.take(1000)), ["a", "b", "c"]);
  assertEquals([waiting.weight, waiting.arrived, waiting.taken], [0, 3, 3]);
  assertEquals(waiting.take(1000), []);
});

Deno.test("WaitingDrafts lets a person go before those who said more", () => {
  const waiting = new WaitingDrafts();
  for (let origin = 1; origin <= 100; origin++) waiting.push(said(origin, "x".repeat(4096)));
  waiting.push(said(101, "hello"));
  const batch = waiting.take(16 * 1024);
  assertEquals(batch[0].origin, 1, "the one that has waited longest is in it");
  assert(bodiesOf(batch).includes("hello"));
  assert(batch.length <= 5);
  assertEquals(waiting.taken, batch.length - 1, "the next of the large ones waits");
});

Deno.test("WaitingDrafts lets a person go before most of a crowd that changes its names", () => {
  const waiting = new WaitingDrafts();
  for (let origin = 1; origin <= 60; origin++) {
    for (let room = 1; room <= 50; room++) {
      waiting.push({ ...draftOf(`room${room}`, `ann${origin}`), kind: "nick", origin });
    }
  }
  waiting.push(said(61, "hello"));
  const batch = waiting.take(256 * 1024);
  assert(bodiesOf(batch).includes("hello"));
  assert(batch.length <= 600, `${batch.length} drafts in a batch`);
});

Deno.test("WaitingDrafts does not divide what one origin has said", () => {
  const waiting = new WaitingDrafts();
  for (let line = 0; line < 50; line++) waiting.push(said(1, `${line}`.padEnd(1000)));
  waiting.push(said(2, "b"));
  assertEquals(waiting.take(1000).length, 50);
  assertEquals(bodiesOf(waiting.take(1000)), ["b"]);
});

Deno.test("WaitingDrafts counts the fields of a log line", () => {
  const waiting = new WaitingDrafts();
  waiting.push({ ...draftOf("logs", "text"), fields: { a: 1, b: 2, c: 3 } });
  assertEquals(waiting.weight, 4 + 32 + 3 * 24);
});

Deno.test("WaitingDrafts loses, repeats and reorders nothing of any origin (seed 5)", () => {
  const random = new SeededRandom(5);
  const waiting = new WaitingDrafts();
  const taken = new Map<number, number[]>();
  const sent = new Map<number, number>();
  for (let step = 0; step < 5000; step++) {
    const origin = random.int(20);
    const next = sent.get(origin) ?? 0;
    sent.set(origin, next + 1);
    waiting.push(said(origin, `${next}`.padEnd(random.int(500))));
    if (random.int(10) > 0) continue;
    for (const { origin, body } of waiting.take(1000)) {
      const bodies = taken.get(origin!) ?? [];
      taken.set(origin!, [...bodies, Number(body)]);
    }
  }
  while (waiting.taken < waiting.arrived) {
    for (const { origin, body } of waiting.take(1000)) taken.get(origin!)!.push(Number(body));
  }
  for (const [origin, count] of sent) {
    assertEquals(taken.get(origin), Array.from({ length: count }, (_, index) => index));
  }
});
