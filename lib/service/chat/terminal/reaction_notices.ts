/**
 * Tells somebody who is not shown reactions about the first one to each thing that they said.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import { dim } from "../text/styles.ts";
import type { LinePrinter } from "./line_printer.ts";

/** Things said of which it is remembered that a reaction was told. */
const MOST_REACTED_TO = 200;

export class ReactionNotices {
  readonly #printer: Pick<LinePrinter, "print" | "isSpoken">;
  /** What the person said and has been told a reaction to, as `lobby#12`. */
  readonly #told = new Set<string>();

  constructor(printer: Pick<LinePrinter, "print" | "isSpoken">) {
    this.#printer = printer;
  }

  /**
   * Tells of a reaction, if it is the first one to that message.
   *
   * @param reference The message, as the person can refer to it.
   * @returns Whether there was room for it.
   */
  tell({ from, room, body, fields }: RoomEvent, reference: string): boolean {
    const key = `${room}#${fields?.of}`;
    if (this.#told.has(key)) return true;
    const text = `${from} reacted with ${body} to your ${reference}`;
    if (!this.#printer.print(this.#printer.isSpoken ? text : `* ${text}`, dim)) return false;
    if (this.#told.size >= MOST_REACTED_TO) this.#told.clear();
    this.#told.add(key);
    return true;
  }
}
