/** A log in memory that can be full, fail to be read, and take its time. */

import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { MemoryMessageLog } from "../../lib/store/memory/message_log.ts";
import { nextTurn } from "./fake_clock.ts";
import type { SeededRandom } from "./random.ts";

export class TrialLog extends MemoryMessageLog {
  /** Whether nothing more can be kept. */
  isFull = false;
  /** Whether nothing can be read. */
  isUnreadable = false;
  /** Where from it takes its time, if it does: some turns for each call. */
  hesitation: SeededRandom | undefined;
  /** The bodies of all batches that were to be kept, whether they were or not. */
  readonly batches: string[][] = [];
  /** All that was read. */
  readonly reads: { readonly room: string; readonly after: number; readonly limit: number }[] = [];

  override async append(batch: readonly Draft[]): Promise<readonly RoomEvent[]> {
    this.batches.push(batch.map(({ body }) => body));
    if (this.isFull) throw new Error("database or disk is full");
    const events = await super.append(batch);
    await this.#hesitate();
    return events;
  }

  override async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    this.reads.push({ room, after, limit });
    if (this.isUnreadable) throw new Error("disk I/O error");
    const events = await super.read(room, after, limit);
    await this.#hesitate();
    return events;
  }

  override async room(name: string) {
    const record = await super.room(name);
    await this.#hesitate();
    return record;
  }

  async #hesitate(): Promise<void> {
    if (!this.hesitation) return;
    for (let turns = this.hesitation.int(3); turns > 0; turns--) await nextTurn();
  }
}
