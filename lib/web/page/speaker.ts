/**
 * Saying things so that each is heard once, whatever happens to the connection.
 *
 * @module
 */

import type { ClientMessage, HistoryAnswer, HistoryRequest } from "../protocol.ts";
import type { ClientState } from "./client_state.ts";
import type { RoomState } from "./room_state.ts";
import type { UnsentLine } from "./unsent.ts";

export interface SpeakerOptions {
  readonly state: ClientState;
  isLive(): boolean;
  send(message: ClientMessage): void;
  history(request: Omit<HistoryRequest, "type" | "ref">): Promise<HistoryAnswer>;
  /** What one has said and nobody has heard is another. */
  onChange(): void;
}

/** Most messages of history that one answer has. */
const PAGE = 200;

export class Speaker {
  readonly #options: SpeakerOptions;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** Says something, now or as soon as there is a connection. */
  say(room: string, body: string, kind: "message" | "action"): void {
    this.#options.state.unsent.add({ room, body, kind });
    this.#sendWaiting();
  }

  /** Says again what failed. */
  retry(line: UnsentLine): void {
    this.#options.state.unsent.retry(line);
    this.#sendWaiting();
  }

  /** Does without a line that was not said. */
  discard(line: UnsentLine): void {
    this.#options.state.unsent.remove(line);
    this.#options.onChange();
  }

  /** All that was missed has come: what one had said is among it, or was not heard. */
  caughtUp(): void {
    const { unsent, broken, rooms } = this.#options.state;
    for (const room of rooms) {
      if (broken.has(room)) this.#lookFor(room);
      else unsent.resumed(room.name);
    }
    this.#sendWaiting();
  }

  /** Too much has happened for it to be sent: what one had said is looked for in the log. */
  async #lookFor(room: RoomState): Promise<void> {
    const { unsent, broken } = this.#options.state;
    const { name } = room;
    const after = unsent.firstSent(name)?.after;
    if (after === undefined) return void broken.delete(room);
    try {
      const request = { room: name, after, limit: PAGE };
      const { events, before, lastSeq } = await this.#options.history(request);
      unsent.receive(name, events, true);
      broken.delete(room);
      if (before > lastSeq) unsent.resumed(name);
      else unsent.uncertain(name);
    } catch {
      // The connection is lost again, and the next one will tell.
      return;
    }
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    const { state, isLive, send, onChange } = this.#options;
    if (isLive()) {
      for (const line of state.unsent.waiting()) {
        const { ref, room, body, kind } = line;
        state.unsent.markSent(line, state.name, state.room(room)?.timeline.live ?? 0);
        send({ type: "say", ref, room, body, kind });
      }
    }
    onChange();
  }
}
