/**
 * Sends messages exactly once, even when the connection is lost in between.
 *
 * @module
 */

import { nameKey } from "../../domain/name.ts";
import type { ClientMessage, HistoryAnswer, HistoryRequest } from "../protocol.ts";
import type { ClientState } from "./client_state.ts";
import type { RoomState } from "./room_state.ts";
import { isPrivate, type UnsentLine } from "./unsent.ts";

export interface MessageSenderOptions {
  readonly state: ClientState;
  isLive(): boolean;
  send(message: ClientMessage): void;
  history(request: Omit<HistoryRequest, "type" | "ref">): Promise<HistoryAnswer>;
  /** Called when the unsent lines have changed. */
  onChange(): void;
}

/** Most events in one page of history. */
const PAGE = 200;

export class MessageSender {
  readonly #options: MessageSenderOptions;

  constructor(options: MessageSenderOptions) {
    this.#options = options;
  }

  /**
   * Sends a message now, or as soon as there is a connection.
   *
   * @param room Or a person: `@bob`.
   * @param details.isSecret Whether it may be a log-in, which must not be saved.
   */
  say(
    room: string,
    body: string,
    kind: "message" | "action",
    details: Pick<UnsentLine, "isSecret" | "reply"> = {},
  ): void {
    const { unsent, correspondents } = this.#options.state;
    unsent.add({ room, body, kind, since: correspondents.get(nameKey(room)), ...details });
    this.#sendWaiting();
  }

  /** Sends a failed line again. */
  retry(line: UnsentLine): void {
    this.#options.state.unsent.retry(line);
    this.#sendWaiting();
  }

  /** Drops a line that was not sent. */
  discard(line: UnsentLine): void {
    this.#options.state.unsent.remove(line);
    this.#options.onChange();
  }

  /** Called when all missed events have arrived: a line not among them was lost, so resend it. */
  caughtUp(): void {
    const { unsent, broken, rooms } = this.#options.state;
    for (const room of rooms) {
      if (broken.has(room)) this.#lookFor(room);
      else unsent.resumed(room.name);
    }
    unsent.uncertainPrivately();
    this.#sendWaiting();
  }

  /** Searches the log for lines sent to a room that could not be resumed. */
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
      // The connection is lost again; the next one repeats this.
      return;
    }
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    const { state, isLive, send, onChange } = this.#options;
    if (isLive()) {
      for (const line of state.unsent.waiting()) {
        const { ref, room, body, kind, reply, since } = line;
        state.unsent.markSent(line, state.name, state.room(room)?.timeline.live ?? 0);
        send(
          isPrivate(line)
            ? { type: "private", ref, to: room.slice(1), body, since, reply }
            : { type: "say", ref, room, body, kind, reply },
        );
      }
    }
    onChange();
  }
}
