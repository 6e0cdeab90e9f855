import { assertEquals, assertRejects } from "@std/assert";
import { Successor } from "../../../lib/cli/parts/successor.ts";

/** Parts that take a while to start and to stop, and note both. */
class Parts {
  readonly notes: string[] = [];

  open(name: string): () => Promise<AsyncDisposable> {
    return async () => {
      this.notes.push(`start ${name}`);
      await Promise.resolve();
      this.notes.push(`${name} runs`);
      return {
        [Symbol.asyncDispose]: async () => {
          this.notes.push(`stop ${name}`);
          await Promise.resolve();
          this.notes.push(`${name} has stopped`);
        },
      };
    };
  }
}

const LIFE = (name: string) => [
  ...[`start ${name}`, `${name} runs`, `stop ${name}`, `${name} has stopped`],
];

Deno.test("Successor.start() runs one part at a time, however often it is called at once", async () => {
  const parts = new Parts();
  const successor = new Successor();
  await Promise.all(["a", "b", "c"].map((name) => successor.start(parts.open(name))));
  await successor[Symbol.asyncDispose]();
  assertEquals(parts.notes, ["a", "b", "c"].flatMap(LIFE));
});

Deno.test("Successor stops the part that is being started when it is disposed of, and starts no other", async () => {
  const parts = new Parts();
  const successor = new Successor();
  const started = successor.start(parts.open("a"));
  while (parts.notes.length === 0) await Promise.resolve();
  const disposed = successor[Symbol.asyncDispose]();
  await Promise.all([started, disposed, successor.start(parts.open("b"))]);
  assertEquals(parts.notes, LIFE("a"));
});

Deno.test("Successor.start() can be called again after a part that did not start", async () => {
  const parts = new Parts();
  await using successor = new Successor();
  await assertRejects(
    () => successor.start(() => Promise.reject(new Error("out of order"))),
    Error,
  );
  await successor.start(parts.open("a"));
  assertEquals(parts.notes, ["start a", "a runs"]);
});
