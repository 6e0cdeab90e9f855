import { Buffer } from "node:buffer";
import { assertEquals } from "@std/assert";
import { ChunkQueue } from "../../lib/transport/chunk_queue.ts";

const END = { value: undefined, done: true } as const;

function chunk(...bytes: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

Deno.test("ChunkQueue.take() returns chunks in order, and those before the end", () => {
  const queue = new ChunkQueue();
  queue.push(chunk(1));
  queue.push(chunk(2, 3));
  queue.end();
  assertEquals([queue.mustWait, queue.hasEnded], [false, true]);
  assertEquals(queue.take(), { value: chunk(1), done: false });
  assertEquals(queue.take(), { value: chunk(2, 3), done: false });
  assertEquals(queue.take(), END);
});

Deno.test("ChunkQueue.changed() resolves at a chunk, and at the end", async () => {
  const queue = new ChunkQueue();
  assertEquals(queue.mustWait, true);
  const first = queue.changed();
  queue.push(chunk(1));
  await first;
  assertEquals(queue.take(), { value: chunk(1), done: false });
  const second = queue.changed();
  queue.end();
  await second;
  assertEquals([queue.mustWait, queue.take()], [false, END]);
});

Deno.test("ChunkQueue.abandon() drops what has not been read", () => {
  const queue = new ChunkQueue();
  queue.push(chunk(1));
  queue.abandon();
  assertEquals(queue.take(), END);
});

Deno.test("ChunkQueue.push() makes a part of a Buffer an array whose slice is a copy", () => {
  const queue = new ChunkQueue();
  const bytes = Buffer.from("hello");
  queue.push(bytes.subarray(1, 3) as unknown as Uint8Array<ArrayBuffer>);
  const { value } = queue.take();
  const copy = value!.slice();
  bytes.fill(0);
  assertEquals(copy, new TextEncoder().encode("el"));
});
