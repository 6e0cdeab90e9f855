import { assertEquals, assertRejects } from "@std/assert";
import { loadAndFollow, type StateListener } from "../../lib/domain/state_store.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";

/** A store whose values another node changes, too. */
class FollowedStore extends MemoryStateStore {
  readonly listeners = new Set<StateListener>();
  /** Called while all values are read. */
  duringRead: () => void = () => {};

  override follow(_service?: string, listener?: StateListener): () => void {
    this.listeners.add(listener!);
    return () => this.listeners.delete(listener!);
  }

  override async all(service: string): Promise<ReadonlyMap<string, string>> {
    const values = await super.all(service);
    this.duringRead();
    return values;
  }

  changeElsewhere(key: string, value: string | null): void {
    this.set({ service: "s", key, value });
    for (const listener of this.listeners) listener(key, value);
  }
}

Deno.test("loadAndFollow() takes over values, and then what other nodes change", async () => {
  const store = new FollowedStore();
  store.set({ service: "s", key: "a", value: "1" });
  const taken: unknown[] = [];
  await loadAndFollow(store, "s", (...change) => taken.push(change));
  store.changeElsewhere("a", "2");
  store.changeElsewhere("a", null);
  assertEquals(taken, [["a", "1"], ["a", "2"], ["a", null]]);
});

Deno.test("loadAndFollow() misses nothing that changes while the values are read", async () => {
  const store = new FollowedStore();
  store.set({ service: "s", key: "a", value: "1" });
  store.duringRead = () => store.changeElsewhere("a", "2");
  const values = new Map<string, string | null>();
  await loadAndFollow(store, "s", (key, value) => values.set(key, value));
  assertEquals([...values], [["a", "2"]]);
});

Deno.test("loadAndFollow() follows nothing if the values cannot be read", async () => {
  const store = new FollowedStore();
  store.duringRead = () => {
    throw new Error("disk I/O error");
  };
  await assertRejects(() => loadAndFollow(store, "s", () => {}), Error, "disk I/O error");
  assertEquals(store.listeners.size, 0);
});
