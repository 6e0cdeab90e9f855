/**
 * Submits drafts to the sequencer, marked as unlogged where their room keeps no log.
 *
 * @module
 */

import type { AccessControl } from "../access/access_control.ts";
import { type Draft, type RoomEventKind, tellsOfMove } from "../room_event.ts";
import type { Sequencer } from "../sequencer.ts";
import { withoutLog } from "../unlogged.ts";
import type { Member, RoomStream } from "./room_stream.ts";

/** What a draft may have besides its text. */
export type Details = Pick<Draft, "fields" | "cause" | "about">;

export class Submission {
  readonly #sequencer: Sequencer;
  readonly #access: AccessControl;

  constructor(sequencer: Sequencer, access: AccessControl) {
    this.#sequencer = sequencer;
    this.#access = access;
  }

  submit(draft: Draft): void {
    this.#sequencer.submit(this.#asKept(draft));
  }

  /** Submits what a member says or does in a room. */
  submitBy(
    { nickname: from, via, origin }: Member,
    room: RoomStream,
    kind: RoomEventKind,
    body: string,
    details?: Details,
  ): void {
    const draft = this.#asKept({ room: room.name, kind, from, body, via, origin });
    this.#sequencer.submit(details ? { ...draft, ...details } : draft);
  }

  /** The draft, marked as unlogged if its room keeps no log; moves are logged in any case. */
  #asKept(draft: Draft): Draft {
    if (tellsOfMove(draft)) return draft;
    return this.#access.rules(draft.room)?.hasNoLog ? withoutLog(draft) : draft;
  }
}
