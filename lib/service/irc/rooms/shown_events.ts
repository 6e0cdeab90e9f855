/**
 * Which events one client is shown, and the offer of their text to its outbox. An offer may be
 * refused; the same events are then offered again later.
 *
 * @module
 */

import {
  isArrivalOrDeparture,
  isMessage,
  isReaction,
  respelledTo,
  type RoomEvent,
} from "../../../domain/room_event.ts";
import type { EventRun } from "../../../domain/rooms/room_stream.ts";
import { isIgnored } from "../../chat/screen.ts";
import type { IrcClient } from "../irc_door.ts";
import { isMove, isMoveOfRoom } from "../lines/run_facts.ts";
import { ToldOnce } from "./told_once.ts";

const encoder = new TextEncoder();

export class ShownEvents {
  readonly #client: IrcClient;
  readonly #told = new ToldOnce();

  constructor(client: IrcClient) {
    this.#client = client;
  }

  /** Whether an event is shown. Asked once for each event that is offered next. */
  includes(event: RoomEvent): boolean {
    const { member, caps } = this.#client;
    const { kind, cause, origin } = event;
    if (origin === member.origin) {
      // The client is told of its own name once, by its screen. And it is still here, and has been
      // here, if a cluster has declared it gone for a while.
      if (isMove(event)) return false;
      if (isMessage(event) || isReaction(event)) {
        return caps.has("echo-message");
      }
    }
    if ((kind === "nick" || cause) && !this.#told.isNew(event)) return false;
    // Membership and room names must be right, so these are shown even from people who are ignored.
    return isArrivalOrDeparture(event) || isMoveOfRoom(event) || !isIgnored(event, member.ignored);
  }

  /** Whether an event is what the client has done, perhaps to somebody else. */
  isOwnAct(event: RoomEvent): boolean {
    const { kind, origin, from, cause } = event;
    const { member, person: { nickname } } = this.#client;
    if (origin === member.origin) return true;
    return cause?.kind === "kick"
      ? cause.by === nickname
      : (kind === "redaction" || respelledTo(event) !== undefined) && from === nickname;
  }

  /** The lines of the events in a run that are shown. */
  textOf(run: EventRun): string {
    const { irc: { lines }, form } = this.#client;
    let text = "";
    for (const [index, event] of run.entries()) {
      if (this.includes(event)) text += lines.textAt(run, index, form);
    }
    return text;
  }

  /** Offers the text of events of which {@linkcode includes} has been asked. */
  offer(text: string): boolean {
    const isTaken = text === "" || this.#client.outbox.offer(encoder.encode(text));
    if (isTaken) this.#told.keep();
    else this.#told.takeBack();
    return isTaken;
  }

  /** Sends such a text whether or not the outbox is full. */
  send(text: string): void {
    if (text !== "") void this.#client.outbox.send(encoder.encode(text));
    this.#told.keep();
  }

  /** Sends a run of which some events answer what the client is waiting for. */
  answer(run: EventRun): void {
    const { irc: { lines }, form, answer, outbox } = this.#client;
    for (const [index, event] of run.entries()) {
      if (!this.includes(event)) continue;
      if (this.isOwnAct(event)) answer!.give(lines.messagesOf(event, form));
      else void outbox.send(encoder.encode(lines.textAt(run, index, form)));
    }
    this.#told.keep();
  }

  /** Has new names and departures that are still under way told once more. */
  forget(): void {
    this.#told.forget();
  }
}
