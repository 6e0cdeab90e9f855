import { assertEquals, assertStrictEquals } from "@std/assert";
import { ReplayBuffer } from "../../lib/domain/replay_buffer.ts";
import { eventOf, eventsOf, numbersOf } from "../support/room_events.ts";

/** A tail with one member behind, and the runs that are in it. */
function heldTail() {
  const tail = new ReplayBuffer();
  tail.hold();
  const runs = [eventsOf(3, 5), eventsOf(6, 6), eventsOf(7, 10)];
  for (const run of runs) tail.push(run);
  tail.trim();
  return { tail, runs };
}

Deno.test("ReplayBuffer.after() gives the very run that begins with the next event", () => {
  const { tail, runs } = heldTail();
  assertStrictEquals(tail.after(2), runs[0]);
  assertStrictEquals(tail.after(5), runs[1]);
  assertStrictEquals(tail.after(6), runs[2]);
});

Deno.test("ReplayBuffer.after() gives the rest of a run in the middle of which the number is", () => {
  const { tail } = heldTail();
  assertEquals(numbersOf(tail.after(3)!), [4, 5]);
  assertEquals(numbersOf(tail.after(9)!), [10]);
});

Deno.test("ReplayBuffer.after() gives nothing for what is gone or not yet there", () => {
  const { tail } = heldTail();
  assertEquals([tail.after(0), tail.after(1)], [undefined, undefined]);
  assertEquals([tail.after(10), tail.after(99)], [undefined, undefined]);
});

Deno.test("ReplayBuffer.trim() empties the tail once nobody is behind", () => {
  const { tail } = heldTail();
  tail.hold();
  tail.release();
  assertEquals(numbersOf(tail.after(2)!), [3, 4, 5]);
  tail.release();
  for (let seq = 0; seq < 11; seq++) assertEquals(tail.after(seq), undefined);
});

Deno.test("ReplayBuffer.trim() drops the oldest runs once they are too much, and keeps the latest", () => {
  const tail = new ReplayBuffer();
  tail.hold();
  const body = "x".repeat(100_000);
  for (let seq = 1; seq <= 100; seq++) {
    tail.push([eventOf(seq, { body })]);
    tail.trim();
  }
  const kept = Array.from({ length: 100 }, (_, seq) => seq).filter((seq) => tail.after(seq));
  assertEquals(kept.length, 20, "2 MiB are 20 events of 100,000 characters");
  assertEquals(kept, Array.from({ length: 20 }, (_, index) => 80 + index));
});

Deno.test("ReplayBuffer.trim() counts events too, so that empty ones do not pile up", () => {
  const tail = new ReplayBuffer();
  tail.hold();
  for (let seq = 1; seq <= 20_000; seq++) {
    tail.push([eventOf(seq, { body: "" })]);
    tail.trim();
  }
  assertEquals(tail.after(0), undefined);
  assertEquals(tail.after(20_000 - 16_385), undefined);
  assertEquals(numbersOf(tail.after(20_000 - 16_384)!), [3617]);
});

Deno.test("ReplayBuffer.after() gives a run with folded lines only whole", () => {
  const tail = new ReplayBuffer();
  tail.hold();
  const run = [eventOf(10), eventOf(11)];
  tail.push(run, 2);
  assertStrictEquals(tail.after(2), run);
  for (const seq of [1, 3, 9, 10, 11]) assertEquals(tail.after(seq), undefined, `${seq}`);
});
