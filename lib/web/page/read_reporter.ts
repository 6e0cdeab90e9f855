/**
 * Tells the server how far the user has read rooms, so that other windows and devices of the
 * account know. Not at once: in a busy room that would be a message for each message.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { ClientMessage } from "../protocol.ts";
import type { RoomState } from "./room_state.ts";

const DELAY_MS = 2000;

export interface ReadReporterOptions {
  readonly clock: Pick<Clock, "after">;
  /** Whether there is an account and a connection. Entering rooms again tells what was missed. */
  readonly isOn: () => boolean;
  readonly send: (message: ClientMessage) => void;
}

export class ReadReporter {
  readonly #options: ReadReporterOptions;
  readonly #rooms = new Set<RoomState>();
  #cancel: (() => void) | undefined;

  constructor(options: ReadReporterOptions) {
    this.#options = options;
  }

  /** Notes that the user has read more of a room. */
  note(room: RoomState): void {
    this.#rooms.add(room);
    this.#cancel ??= this.#options.clock.after(DELAY_MS, () => this.#tell());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#rooms.clear();
  }

  #tell(): void {
    const rooms = [...this.#rooms];
    this.stop();
    if (!this.#options.isOn()) return;
    for (const { name, read } of rooms) {
      if (read !== undefined) this.#options.send({ type: "read", room: name, seq: read });
    }
  }
}
