import { assertEquals, assertGreater } from "@std/assert";
import { KeyTime, PacedBytes } from "../../../lib/server/fairness/paced_bytes.ts";
import { FakeClock } from "../../support/fake_clock.ts";

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

Deno.test("PacedBytes passes chunks unchanged while it is off", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(5, 5000, 7), clock, new KeyTime());
  assertEquals(await read(bytes, clock, 1000), [[5, 0], [5000, 0], [7, 0]]);
});

Deno.test("PacedBytes returns more at a time while it takes little, and waits nineteen times as long", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(600, 10), clock, new KeyTime());
  bytes.isPaced = true;
  const reading = read(bytes, clock, 1);
  await clock.advance(2000);
  const pieces = await reading;
  assertEquals(pieces.map(([size]) => size), [32, 64, 128, 256, 120, 10]);
  // Five pieces of a millisecond and 600 bytes came before; a debt of 50 ms is allowed.
  assertEquals(Math.floor(pieces[5][1]), Math.floor((5 + 0.6) * 19 - 50));
});

Deno.test("PacedBytes returns less at a time while it takes long", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(40), clock, new KeyTime());
  bytes.isPaced = true;
  const reading = read(bytes, clock, 40);
  await clock.advance(5000);
  assertEquals((await reading).map(([size]) => size), [32, 3, 1, 1, 1, 1, 1]);
});

Deno.test("PacedBytes reads on if something took no time before the first bytes", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(5), clock, new KeyTime());
  bytes.isPaced = true;
  bytes.spend(0);
  assertEquals((await bytes.next()).value?.length, 5);
});

Deno.test("PacedBytes does not charge a key for a delay of the whole machine", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(1, 1, 1, 1), clock, new KeyTime());
  bytes.isPaced = true;
  const times = (await read(bytes, clock, 500)).map(([, at]) => at);
  assertEquals(times, [0, 0, 0, 0]);
});

Deno.test("PacedBytes passes at most 50 KB a second, however little each costs", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(50_000), clock, new KeyTime());
  bytes.isPaced = true;
  const reading = read(bytes, clock, 0);
  await clock.advance(2000);
  const [, at] = (await reading).at(-1)!;
  assertEquals(Math.round(at / 10), 90);
});

Deno.test("PacedBytes divides the time among the connections that wait, and only those", async () => {
  const clock = new FakeClock();
  const keyTime = new KeyTime();
  const create = (size: number) => {
    const bytes = new PacedBytes(chunks(size), clock, keyTime);
    bytes.isPaced = true;
    return bytes;
  };
  const floods = Array.from({ length: 4 }, () => read(create(5_000), clock, 0));
  await clock.advance(60);
  assertEquals(await read(create(5), clock, 0.1), [[5, 0]]);
  await clock.advance(2000);
  for (const flood of floods) {
    const [, at] = (await flood).at(-1)!;
    // Alone, each would take 45 ms.
    assertGreater(at, 100);
  }
  assertEquals(keyTime.waiting, 0);
});

Deno.test("PacedBytes does not delay anybody who types at a person's pace", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(...Array<number>(20).fill(1)), clock, new KeyTime());
  bytes.isPaced = true;
  const times = (await read(bytes, clock, 0.1)).map(([, at]) => at);
  assertEquals(times, Array(20).fill(0));
});

Deno.test("PacedBytes returns the rest of a chunk in one piece once it is turned off", async () => {
  const clock = new FakeClock();
  const bytes = new PacedBytes(chunks(5000), clock, new KeyTime());
  bytes.isPaced = true;
  assertEquals((await bytes.next()).value.length, 32);
  bytes.isPaced = false;
  assertEquals((await bytes.next()).value.length, 5000 - 32);
  assertEquals((await bytes.next()).done, true);
});

Deno.test("PacedBytes returns every byte once, in order", async () => {
  const data = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
  const clock = new FakeClock();
  const bytes = new PacedBytes(
    (async function* () {
      yield data.subarray(0, 3000);
      yield data.subarray(3000);
    })(),
    clock,
    new KeyTime(),
  );
  bytes.isPaced = true;
  const pieces: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of bytes) pieces.push(piece.slice());
  })();
  await clock.advance(2000);
  await reading;
  assertEquals(pieces.flatMap((piece) => [...piece]), [...data]);
});

Deno.test("PacedBytes counts the connections in character mode in KeyTime", () => {
  const keyTime = new KeyTime();
  const [one, other] = [1, 2].map(() => new PacedBytes(chunks(), new FakeClock(), keyTime));
  one.isPaced = true;
  one.isPaced = true;
  other.isPaced = true;
  assertEquals(keyTime.typing, 2);
  one.isPaced = false;
  other.isPaced = false;
  other.isPaced = false;
  assertEquals(keyTime.typing, 0);
});
