/**
 * How far each node has applied the stream, as the nodes tell each other once a second.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import type { Courier } from "../domain/courier.ts";

const TELL_MS = 1000;
/** What is older is not shown, milliseconds. */
const OLD_MS = 6000;
const TOPIC = "position";

export interface NodePositionsOptions {
  readonly courier: Pick<Courier, "announce" | "onAnnounced">;
  /** How far this node is. */
  position(): number;
  /** @default {systemClock} */
  readonly clock?: Clock;
}

export class NodePositions implements Disposable {
  readonly #clock: Clock;
  readonly #others = new Map<string, { readonly seq: number; readonly at: number }>();
  readonly #stopListening: () => void;
  #cancel: () => void;

  constructor({ courier, position, clock = systemClock }: NodePositionsOptions) {
    this.#clock = clock;
    this.#stopListening = courier.onAnnounced(TOPIC, (text, node) => {
      this.#others.set(node, { seq: Number(text), at: clock.monotonic() });
    });
    const tell = () => {
      courier.announce(TOPIC, `${position()}`);
      this.#cancel = clock.after(TELL_MS, tell);
    };
    this.#cancel = clock.after(0, tell);
  }

  /** How far another node is; `undefined` if it has not told lately. */
  of(node: string): number | undefined {
    const told = this.#others.get(node);
    return told && this.#clock.monotonic() - told.at < OLD_MS ? told.seq : undefined;
  }

  [Symbol.dispose](): void {
    this.#stopListening();
    this.#cancel();
  }
}
