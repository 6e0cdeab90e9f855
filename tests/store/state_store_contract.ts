/**
 * The contract test of state stores.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../lib/clock.ts";
import type { StateChange, StateStore } from "../../lib/domain/state_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeededRandom } from "../support/random.ts";

/** A store to test. */
export interface TrialStateStore extends AsyncDisposable {
  readonly store: StateStore;
}

const DAY = 24 * 60 * 60 * 1000;

/** Adds 1 and returns the sum. */
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

/** Registers the contract tests for a store. */
export function testStateStore(
  name: string,
  open: (clock: Clock) => TrialStateStore | Promise<TrialStateStore>,
): void {
  function test(
    sentence: string,
    body: (store: StateStore, clock: FakeClock) => Promise<void>,
  ) {
    Deno.test(`${name}${sentence}`, async () => {
      const clock = new FakeClock();
      await using trial = await open(clock);
      await body(trial.store, clock);
    });
  }

  test(".update() passes each change the result of the one before", async (store) => {
    assertEquals(await read(store, "bank", "jack"), undefined);
    assertEquals(await store.update("bank", "jack", increment), 1);
    assertEquals(await store.update("bank", "jack", increment), 2);
    assertEquals(await read(store, "bank", "jack"), "2");
  });

  test(".update() makes many concurrent changes in order and loses none", async (store) => {
    const keys = ["a", "b", "c"];
    const results = await Promise.all(
      Array.from({ length: 999 }, (_, index) => store.update("s", keys[index % 3], increment)),
    );
    assertEquals(results, Array.from({ length: 999 }, (_, index) => 1 + Math.floor(index / 3)));
    assertEquals([...await store.all("s")], [["a", "333"], ["b", "333"], ["c", "333"]]);
  });

  test(".update() makes each change once, later, and resolves in their order", async (store) => {
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

  test(".update() keeps the value if there is no new one", async (store) => {
    await set(store, "s", "key", "old");
    assertEquals(await store.update("s", "key", (value) => ({ result: `${value}?` })), "old?");
    assertEquals(await store.update("s", "other", () => ({ result: 7 })), 7);
    assertEquals([...await store.all("s")], [["key", "old"]]);
  });

  test(".update() refuses only the change that throws", async (store) => {
    const before = store.update("s", "key", increment);
    const bad = store.update("s", "key", () => {
      throw new RangeError("not this one");
    });
    const after = store.update("s", "key", increment);
    await assertRejects(() => bad, RangeError, "not this one");
    assertEquals([await before, await after], [1, 2]);
    assertEquals(await read(store, "s", "key"), "2");
  });

  test(".update() may be called during a change", async (store) => {
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

  test(".update() accepts any text as key and as value", async (store) => {
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

  test(".all() is a snapshot", async (store) => {
    await set(store, "s", "key", "old");
    const values = await store.all("s");
    await set(store, "s", "key", "new");
    assertEquals(values.get("key"), "old");
    assert((await store.all("s")) !== values);
  });

  test(".update() removes a value for null; a later one is new", async (store) => {
    for (const key of ["a", "b", "c"]) await set(store, "s", key, key);
    const remove = (key: string) =>
      store.update("s", key, (value) => ({ value: null, result: value }));
    assertEquals([await remove("a"), await remove("a"), await remove("z")], [
      "a",
      undefined,
      undefined,
    ]);
    assertEquals([...await store.all("s")], [["b", "b"], ["c", "c"]]);
    const [before, after] = await Promise.all([remove("b"), store.update("s", "b", increment)]);
    assertEquals([before, after], ["b", 1]);
    await set(store, "s", "a", "new");
    assertEquals([...await store.all("s")], [["c", "c"], ["b", "1"], ["a", "new"]]);
  });

  test(
    ".removeUnused() removes values that were neither read nor changed",
    async (store, clock) => {
      for (const key of ["read", "changed", "unused", "kept"]) await set(store, "s", key, "1");
      await set(store, "other", "unused", "1");
      await clock.advance(10 * DAY);
      await read(store, "s", "read");
      await store.update("s", "changed", increment);
      await store.update("s", "kept", () => ({ value: "1", result: 0 }));
      await clock.advance(10 * DAY);
      assertEquals(await store.removeUnused("s", clock.now() - 15 * DAY, 100), 1);
      assertEquals([...await store.all("s")], [["read", "1"], ["changed", "2"], ["kept", "1"]]);
      assertEquals(await store.removeUnused("s", clock.now() - 15 * DAY, 100), 0);
      assertEquals(await read(store, "other", "unused"), "1");
      assertEquals(await read(store, "s", "unused"), undefined);
      assertEquals(await store.removeUnused("s", clock.now() + 1, 100), 3);
      assertEquals([...await store.all("s")], []);
    },
  );

  test(
    ".removeUnused() removes at most `limit` values, the longest unused first",
    async (store, clock) => {
      for (let key = 9; key >= 0; key--) {
        await set(store, "s", `${key}`, "");
        await clock.advance(DAY);
      }
      const keys = async () => [...(await store.all("s")).keys()].map(Number);
      assertEquals(await store.removeUnused("s", clock.now(), 3), 3);
      assertEquals(await keys(), [6, 5, 4, 3, 2, 1, 0]);
      assertEquals(await store.removeUnused("s", clock.now() - 2.5 * DAY, 100), 5);
      assertEquals(await keys(), [1, 0]);
      assertEquals(await store.removeUnused("s", clock.now(), 0), 0);
    },
  );

  test(".follow() tells of no change of this process", async (store, clock) => {
    const told: unknown[] = [];
    const unfollow = store.follow("s", (...change) => told.push(change));
    await set(store, "s", "key", "1");
    await store.update("s", "key", increment);
    await store.update("s", "key", () => ({ value: null, result: undefined }));
    await set(store, "s", "unused", "1");
    assertEquals(await store.removeUnused("s", clock.now() + 1, 100), 1);
    unfollow();
    assertEquals(told, []);
  });

  test(".update() can confirm a value, or that there is none", async (store) => {
    await set(store, "s", "key", "1");
    const confirm = (key: string) =>
      store.update("s", key, (value) => ({ value: value ?? null, result: value }));
    assertEquals([await confirm("key"), await confirm("none")], ["1", undefined]);
    assertEquals([...await store.all("s")], [["key", "1"]]);
  });
}
