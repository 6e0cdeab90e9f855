/**
 * What a room is told a little later, so that much of it is told as one.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Room } from "./room.ts";

/** How long arrivals in a crowded room are gathered before they are announced. */
const CROWD_INTERVAL_MS = 1000;
/** How often it is asked whether log lines have been held back for long enough. */
const HOLD_INTERVAL_MS = 250;

export class RoomDelays {
  readonly #clock: Clock;
  readonly #crowds = new Map<Room, { joined: number; left: number }>();
  /** Rooms that hold log lines back. */
  readonly #holding = new Set<Room>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has so many told as having come and gone, with those that do within a second. */
  countCrowd(room: Room, joined: number, left: number): void {
    const crowd = this.#crowds.get(room);
    if (crowd) {
      crowd.joined += joined;
      crowd.left += left;
      return;
    }
    this.#crowds.set(room, { joined, left });
    this.#clock.after(CROWD_INTERVAL_MS, () => {
      const { joined, left } = this.#crowds.get(room)!;
      this.#crowds.delete(room);
      room.tellCrowd(joined, left);
    });
  }

  /** Has what a room holds back told when it is time; asked for again and again until then. */
  hold(room: Room): void {
    if (this.#holding.has(room)) return;
    this.#holding.add(room);
    let heldMs = 0;
    const look = () => {
      heldMs += HOLD_INTERVAL_MS;
      if (heldMs >= room.holdMs) {
        this.#holding.delete(room);
        room.tellHeld();
      } else {
        this.#clock.after(HOLD_INTERVAL_MS, look);
      }
    };
    this.#clock.after(HOLD_INTERVAL_MS, look);
  }
}
