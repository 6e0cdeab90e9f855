import { assertEquals, assertStrictEquals } from "@std/assert";
import { ReplayBuffer } from "../../../lib/domain/rooms/replay_buffer.ts";
import { eventOf, eventsOf, numbersOf } from "../../support/room_events.ts";

/** A buffer with one subscriber behind, and its runs. */
function heldBuffer() {
  const buffer = new ReplayBuffer();
  buffer.hold();
  const runs = [eventsOf(3, 5), eventsOf(6, 6), eventsOf(7, 10)];
  for (const run of runs) buffer.push(run);
  buffer.trim();
  return { buffer, runs };
}

Deno.test("ReplayBuffer.after() returns the same array if a run begins with the next event", () => {
  const { buffer, runs } = heldBuffer();
  assertStrictEquals(buffer.after(2), runs[0]);
  assertStrictEquals(buffer.after(5), runs[1]);
  assertStrictEquals(buffer.after(6), runs[2]);
});

Deno.test("ReplayBuffer.after() returns the rest of a run if the number is in its middle", () => {
  const { buffer } = heldBuffer();
  assertEquals(numbersOf(buffer.after(3)!), [4, 5]);
  assertEquals(numbersOf(buffer.after(9)!), [10]);
});

Deno.test("ReplayBuffer.after() returns undefined for events that are gone or not there yet", () => {
  const { buffer } = heldBuffer();
  assertEquals([buffer.after(0), buffer.after(1)], [undefined, undefined]);
  assertEquals([buffer.after(10), buffer.after(99)], [undefined, undefined]);
});

Deno.test("ReplayBuffer.trim() empties the buffer once nobody is behind", () => {
  const { buffer } = heldBuffer();
  buffer.hold();
  buffer.release();
  assertEquals(numbersOf(buffer.after(2)!), [3, 4, 5]);
  buffer.release();
  for (let seq = 0; seq < 11; seq++) assertEquals(buffer.after(seq), undefined);
});

Deno.test("ReplayBuffer.trim() drops the oldest runs beyond the capacity", () => {
  const buffer = new ReplayBuffer();
  buffer.hold();
  const body = "x".repeat(100_000);
  for (let seq = 1; seq <= 100; seq++) {
    buffer.push([eventOf(seq, { body })]);
    buffer.trim();
  }
  const kept = Array.from({ length: 100 }, (_, seq) => seq).filter((seq) => buffer.after(seq));
  assertEquals(kept.length, 20, "2 MiB are 20 events of 100,000 characters");
  assertEquals(kept, Array.from({ length: 20 }, (_, index) => 80 + index));
});

Deno.test("ReplayBuffer.trim() counts events too, so that empty ones cannot pile up", () => {
  const buffer = new ReplayBuffer();
  buffer.hold();
  for (let seq = 1; seq <= 20_000; seq++) {
    buffer.push([eventOf(seq, { body: "" })]);
    buffer.trim();
  }
  assertEquals(buffer.after(0), undefined);
  assertEquals(buffer.after(20_000 - 16_385), undefined);
  assertEquals(numbersOf(buffer.after(20_000 - 16_384)!), [3617]);
});

Deno.test("ReplayBuffer.after() returns a collapsed run only whole", () => {
  const buffer = new ReplayBuffer();
  buffer.hold();
  const run = [eventOf(10), eventOf(11)];
  buffer.push(run, 2);
  assertStrictEquals(buffer.after(2), run);
  for (const seq of [1, 3, 9, 10, 11]) assertEquals(buffer.after(seq), undefined, `${seq}`);
});
