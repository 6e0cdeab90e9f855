/**
 * Watches the number of datagrams that the system drops because they arrive too fast.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { log } from "../../log.ts";
import type { DatagramSocket } from "../../transport/datagram.ts";
import { lacksDescriptors } from "../accepting/descriptor_reserve.ts";

/** Milliseconds between two reads of the system's count. */
const INTERVAL_MS = 1000;

export interface DropWatchOptions {
  readonly clock: Clock;
  /** Takes the number of datagrams dropped since the last call. */
  readonly note: (datagrams: number) => void;
}

/**
 * Watches one socket. It reads the count only while datagrams arrive, because nothing is dropped
 * otherwise.
 */
export class DropWatch {
  readonly #socket: DatagramSocket;
  readonly #options: DropWatchOptions;
  #known = 0;
  #isUnknowable: boolean;
  #cancel: (() => void) | undefined;

  constructor(socket: DatagramSocket, options: DropWatchOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#isUnknowable = socket.countDrops === undefined;
  }

  /** Call this for each datagram. */
  noteReceived(): void {
    if (this.#isUnknowable || this.#cancel) return;
    this.#cancel = this.#options.clock.after(INTERVAL_MS, () => {
      this.#cancel = undefined;
      this.look();
    });
  }

  /** Reads the count now. */
  async look(): Promise<void> {
    if (this.#isUnknowable) return;
    try {
      const drops = await this.#socket.countDrops!();
      const fresh = drops - this.#known;
      this.#known = drops;
      if (fresh > 0) this.#options.note(fresh);
    } catch (error) {
      if (lacksDescriptors(error)) return this.noteReceived();
      this.#isUnknowable = true;
      log("server").warning(
        `Cannot count the datagrams dropped at ${this.#socket.endpoint}: {error}`,
        { error },
      );
    }
  }

  /** Reads the count one last time; call this before the socket is closed. */
  async stop(): Promise<void> {
    const hasNews = this.#cancel !== undefined;
    this.#cancel?.();
    if (hasNews) await this.look();
    this.#isUnknowable = true;
  }
}
