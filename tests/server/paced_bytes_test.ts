import { assertEquals } from "@std/assert";
import { PacedBytes } from "../../lib/server/paced_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

async function* chunks(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size).fill(size % 256);
}

/** Reads to the end; each piece costs `ms`. Returns their sizes, and when each was read. */
async function read(bytes: PacedBytes, clock: FakeClock, ms: number): Promise<[number, number][]> {
  const start = clock.monotonic();
  const pieces: [number, number][] = [];
  for await (const piece of bytes) {
    pieces.push([piece.length, clock.monotonic() - start]);
    bytes.spend(ms);
  }
  return pieces;
}

Deno.test("PacedBytes passes chunks as they are as long as it is off", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(5, 5000, 7), clock);
  assertEquals(await read(bytes, clock, 1000), [[5, 0], [5000, 0], [7, 0]]);
});

Deno.test("PacedBytes gives KiB after KiB, and waits four times as long as they took", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(2500, 10), clock);
  bytes.isPaced = true;
  const reading = read(bytes, clock, 10);
  await clock.advance(1000);
  // 20 ms may be owed.
  assertEquals(await reading, [[1024, 0], [1024, 20], [452, 60], [10, 100]]);
});

Deno.test("PacedBytes has whoever types at a person's pace wait for nothing", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(...Array<number>(50).fill(1)), clock);
  bytes.isPaced = true;
  assertEquals((await read(bytes, clock, 0.1)).length, 50);
});

Deno.test("PacedBytes gives the rest of a chunk in one piece once it is turned off", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(5000), clock);
  bytes.isPaced = true;
  assertEquals((await bytes.next()).value.length, 1024);
  bytes.isPaced = false;
  assertEquals((await bytes.next()).value.length, 5000 - 1024);
  assertEquals((await bytes.next()).done, true);
});

Deno.test("PacedBytes gives every byte once, in order", async () => {
  const data = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
  const clock = new FakeClock();
  const bytes = new PacedBytes(
    (async function* () {
      yield data.subarray(0, 3000);
      yield data.subarray(3000);
    })(),
    clock,
  );
  bytes.isPaced = true;
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece.slice());
  await settle();
  assertEquals(pieces.flatMap((piece) => [...piece]), [...data]);
});
