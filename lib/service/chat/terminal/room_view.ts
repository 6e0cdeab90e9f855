/**
 * Shows a person a room as they find it: its name, its topic and its recent past, with a mark before
 * what they have not read.
 *
 * @module
 */

import type { RoomEvent } from "../../../domain/room_event.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { Session } from "../../../server/session/session.ts";
import type { Viewer } from "../screen.ts";
import { rule } from "../text/event_text.ts";
import { bold } from "../text/styles.ts";
import type { LinePrinter } from "./line_printer.ts";
import type { PersonalRenderer } from "./personal_renderer.ts";

export interface RoomViewOptions {
  readonly session: Pick<Session, "outbox">;
  readonly viewer: Pick<Viewer, "currentRoom">;
  readonly printer: LinePrinter;
  readonly renderer: PersonalRenderer;
}

export class RoomView {
  readonly #options: RoomViewOptions;

  constructor(options: RoomViewOptions) {
    this.#options = options;
  }

  showName({ name }: RoomStream): void {
    this.#showRule(`#${name}`);
  }

  showTopic({ name, topic }: RoomStream): void {
    if (topic === "") return;
    const { printer } = this.#options;
    printer.print(`${printer.isSpoken ? "" : "* "}Topic of #${name}: ${topic}`, bold);
  }

  /** @param mark The number of the event that the person has read last. */
  showPast(room: RoomStream, mark: number): void {
    const { recent } = room;
    const unread = recent.findIndex(({ seq }) => seq > mark);
    const read = unread === -1 ? recent : recent.slice(0, unread);
    this.#showRecent(room, read);
    if (unread === -1) return;
    this.#showRule("new since you were here");
    this.#showRecent(room, recent.slice(unread));
  }

  #showRule(text: string): void {
    const { printer } = this.#options;
    printer.print(printer.isSpoken ? `${text}:` : rule(text, false), bold);
  }

  /**
   * Shows as many of the latest lines as fit in the outbox, usually all, and leaves room for what is
   * told after them.
   */
  #showRecent(room: RoomStream, events: readonly RoomEvent[]): void {
    const { session: { outbox }, viewer, printer, renderer } = this.#options;
    let shown = events;
    const isCurrent = room === viewer.currentRoom;
    while (shown.length > 0) {
      const bytes = renderer.renderPast(shown, isCurrent);
      if (bytes.length <= outbox.room && outbox.offer(bytes)) break;
      shown = shown.slice(Math.ceil(shown.length / 2));
    }
    if (shown.length > 0) renderer.noteShown();
    if (shown.length < events.length) {
      printer.answer(printer.noticeRows("/history shows earlier messages."));
    }
  }
}
