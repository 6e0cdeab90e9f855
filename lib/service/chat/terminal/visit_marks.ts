/**
 * How far a person has read their rooms, where what is shown counts as read.
 *
 * @module
 */

import type { Marks } from "../person_store.ts";

const NONE: Marks = new Map();

export class VisitMarks {
  /** Whether a person has been reading: programs get no marks. */
  isKept = false;
  #before: Marks = NONE;
  #read: Map<string, number> | undefined;

  /** The `seq` up to which each room was read on earlier visits. */
  get before(): Marks {
    return this.#before;
  }

  /** The same for this visit; empty for programs. */
  get read(): Marks {
    return this.#read ?? NONE;
  }

  /** The number of the last event of a room that was read; `Infinity` if that is not known. */
  of(room: string): number {
    if (!this.isKept) return Infinity;
    return this.read.get(room) ?? this.#before.get(room) ?? Infinity;
  }

  recall(marks: Marks): void {
    this.#before = marks;
  }

  forget(): void {
    this.#read = undefined;
    this.#before = NONE;
  }

  /** Notes that a room has been read up to number `seq`. */
  note(room: string, seq: number): void {
    if (this.isKept) (this.#read ??= new Map()).set(room, seq);
  }
}
