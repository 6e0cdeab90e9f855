import { testStateStore } from "../store/state_store_contract.ts";
import { MemoryNode } from "../support/memory_node.ts";
import { MemoryStream } from "../support/memory_stream.ts";
import type { StateStore } from "../../lib/domain/state_store.ts";

testStateStore("ReplicatedStateStore", async (clock) => {
  const stream = new MemoryStream({ clock });
  const node = await MemoryNode.start({ stream, clock, node: "a" });
  const store: StateStore = node.state;
  return { store, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() };
});
