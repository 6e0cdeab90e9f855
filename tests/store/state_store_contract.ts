/**
 * What every state store has to do, wherever it keeps its values.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { StateChange, StateStore } from "../../lib/domain/state_store.ts";
import { SeededRandom } from "../support/random.ts";

/** A store, and how to be rid of it and of its files. */
export interface TrialStateStore extends AsyncDisposable {
  readonly store: StateStore;
}

/** Adds 1, and answers with the sum. */
function increment(value: string | undefined): StateChange<number> {
  const sum = Number(value ?? 0) + 1;
  return { value: String(sum), result: sum };
}

function read(store: StateStore, service: string, key: string): Promise<string | undefined> {
  return store.update(service, key, (value) => ({ result: value }));
}

function set(store: StateStore, service: string, key: string, value: string): Promise<void> {
  return store.update(service, key, () => ({ value, result: undefined }));
}

/** Registers the tests of a store. */
export function testStateStore(name: string, open: () => TrialStateStore): void {
  function test(sentence: string, body: (store: StateStore) => Promise<void>) {
    Deno.test(`${name}${sentence}`, async () => {
      await using trial = open();
      await body(trial.store);
    });
  }

  test(".update() shows a change what the one before left", async (store) => {
    assertEquals(await read(store, "bank", "jack"), undefined);
    assertEquals(await store.update("bank", "jack", increment), 1);
    assertEquals(await store.update("bank", "jack", increment), 2);
    assertEquals(await read(store, "bank", "jack"), "2");
  });

  test(".update() loses none of many changes at once, and makes them in order", async (store) => {
    const keys = ["a", "b", "c"];
    const results = await Promise.all(
      Array.from({ length: 999 }, (_, index) => store.update("s", keys[index % 3], increment)),
    );
    assertEquals(results, Array.from({ length: 999 }, (_, index) => 1 + Math.floor(index / 3)));
    assertEquals([...await store.all("s")], [["a", "333"], ["b", "333"], ["c", "333"]]);
  });

  test(".update() makes changes once, later, and answers in their order", async (store) => {
    const made: number[] = [];
    const answered: number[] = [];
    const updates = [1, 2, 3, 4].map(async (number) => {
      await store.update("s", `${number % 2}`, () => {
        made.push(number);
        return { value: `${number}`, result: undefined };
      });
      answered.push(number);
    });
    assertEquals(made, []);
    await Promise.all(updates);
    assertEquals([made, answered], [[1, 2, 3, 4], [1, 2, 3, 4]]);
  });

  test(".update() leaves the value where there is no new one", async (store) => {
    await set(store, "s", "key", "old");
    assertEquals(await store.update("s", "key", (value) => ({ result: `${value}?` })), "old?");
    assertEquals(await store.update("s", "other", () => ({ result: 7 })), 7);
    assertEquals([...await store.all("s")], [["key", "old"]]);
  });

  test(".update() refuses a change that throws, and no other", async (store) => {
    const before = store.update("s", "key", increment);
    const bad = store.update("s", "key", () => {
      throw new RangeError("not this one");
    });
    const after = store.update("s", "key", increment);
    await assertRejects(() => bad, RangeError, "not this one");
    assertEquals([await before, await after], [1, 2]);
    assertEquals(await read(store, "s", "key"), "2");
  });

  test(".update() takes a change that asks for another", async (store) => {
    let inner: Promise<number> | undefined;
    const outer = await store.update("s", "key", (value) => {
      inner = store.update("s", "key", increment);
      return increment(value);
    });
    assertEquals([outer, await inner], [1, 2]);
  });

  test(".update() keeps services apart", async (store) => {
    await Promise.all([store.update("a", "key", increment), set(store, "b", "key", "b's")]);
    assertEquals([await read(store, "a", "key"), await read(store, "b", "key")], ["1", "b's"]);
    assertEquals([...await store.all("c")], []);
  });

  test(".update() gives back any text, as key and as value", async (store) => {
    const random = new SeededRandom(1);
    const texts = [
      "",
      " ",
      "\0",
      "a\0b",
      "a",
      "'; DROP TABLE state; --",
      "\ufeffé 你 👩‍👩‍👧\u2028\n",
      "__proto__",
      "x".repeat(100_000),
      String.fromCharCode(...random.bytes(1000)),
    ];
    await Promise.all(texts.map((text) => set(store, "s", text, `${text}!`)));
    for (const text of texts) assertEquals(await read(store, "s", text), `${text}!`);
    assertEquals([...await store.all("s")], texts.map((text) => [text, `${text}!`]));
  });

  test(".all() is in the order in which keys were first set", async (store) => {
    const keys = ["pear", "7", "apple", "3"];
    for (const key of keys) await set(store, "s", key, "first");
    await set(store, "s", "pear", "second");
    await Promise.all([set(store, "s", "new", "1"), set(store, "s", "7", "2")]);
    assertEquals([...await store.all("s")], [
      ["pear", "second"],
      ["7", "2"],
      ["apple", "first"],
      ["3", "first"],
      ["new", "1"],
    ]);
  });

  test(".all() is what was there, whatever comes after", async (store) => {
    await set(store, "s", "key", "old");
    const values = await store.all("s");
    await set(store, "s", "key", "new");
    assertEquals(values.get("key"), "old");
    assert((await store.all("s")) !== values);
  });
}
