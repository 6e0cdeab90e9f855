/** Takes the place of a peer behind an outbox. */

import { assertEquals } from "@std/assert";
import type { ByteSink } from "../../lib/server/output/outbox.ts";
import { settle } from "./fake_clock.ts";

const decoder = new TextDecoder();

/** A peer that takes bytes when told to. */
export class FakeSink implements ByteSink {
  /** All writes, as they were requested. */
  readonly writes: string[] = [];
  /** Everything taken. */
  taken = "";
  #pending: { text: string; resolve: (taken: number) => void; reject: (error: Error) => void }[] =
    [];

  write(bytes: Uint8Array): Promise<number> {
    const text = decoder.decode(bytes);
    this.writes.push(text);
    return new Promise((resolve, reject) => this.#pending.push({ text, resolve, reject }));
  }

  /** Ends the write under way after `length` bytes, or all of them. */
  async take(length = Infinity): Promise<void> {
    assertEquals(this.#pending.length, 1, "one write is under way");
    const { text, resolve } = this.#pending.pop()!;
    this.taken += text.slice(0, length);
    resolve(Math.min(length, text.length));
    await settle(1);
  }

  async fail(): Promise<void> {
    this.#pending.pop()!.reject(new Deno.errors.BrokenPipe("Cannot write: the peer is gone"));
    await settle(1);
  }

  get isWriting(): boolean {
    return this.#pending.length > 0;
  }
}
