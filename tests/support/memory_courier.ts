/** Messages between nodes in one process, whose nodes can be cut off. */

import type { Courier } from "../../lib/domain/courier.ts";
import { nextTurn } from "./fake_clock.ts";

type Announced = (text: string, node: string) => void;

/** What connects the couriers of all nodes. */
export class MemoryPost {
  readonly #couriers = new Map<string, MemoryCourier>();

  /** The courier of a node; an earlier one of that node no longer hears anything. */
  connect(node: string): MemoryCourier {
    const courier = new MemoryCourier(node, this.#couriers);
    this.#couriers.set(node, courier);
    return courier;
  }
}

export class MemoryCourier implements Courier {
  /** Whether nothing reaches the node, and nothing comes from it. */
  isCut = false;
  /** How many questions were asked. */
  asked = 0;
  readonly node: string;
  readonly #all: ReadonlyMap<string, MemoryCourier>;
  readonly #listeners = new Map<string, Set<Announced>>();
  #answer: ((text: string, node: string) => Promise<string>) | undefined;

  constructor(node: string, all: ReadonlyMap<string, MemoryCourier>) {
    this.node = node;
    this.#all = all;
  }

  announce(topic: string, text: string): void {
    if (this.isCut) return;
    for (const other of this.#all.values()) {
      if (other === this || other.isCut) continue;
      for (const listener of other.#listeners.get(topic) ?? []) listener(text, this.node);
    }
  }

  onAnnounced(topic: string, listener: Announced): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async ask(node: string, text: string): Promise<string> {
    this.asked++;
    const other = this.#all.get(node);
    await nextTurn();
    if (this.isCut || !other || other.isCut || !other.#answer) throw new Error("no answer");
    return await other.#answer(text, this.node);
  }

  answer(answer: (text: string, node: string) => Promise<string>): void {
    this.#answer = answer;
  }
}
