/**
 * Moderation: every change of a room's rules and every act against somebody in a room, for all
 * doors. Each subject has a file of its own, which says what an act takes and what it changes;
 * `act_sequence.ts` carries it out.
 *
 * @module
 */

import { type Clock, systemClock } from "../../../clock.ts";
import type { RoomHistory } from "../../history/room_history.ts";
import type { StateStore } from "../../state_store.ts";
import { ActSequence, type ActSequenceOptions } from "./act_sequence.ts";
import { Exceptions } from "./exceptions.ts";
import type { DoneAct, Moderator } from "./moderation_act.ts";
import { PastActs } from "./past_acts.ts";
import type { AccountDirectory } from "./protection.ts";
import { Redactions } from "./redactions.ts";
import { RoomInvitations } from "./room_invitations.ts";
import { RoomOwnership } from "./room_ownership.ts";
import { RoomRenames } from "./room_renames.ts";
import { RoomRoles } from "./room_roles.ts";
import { RoomSettings } from "./room_settings.ts";
import { Sanctions } from "./sanctions.ts";

export interface ModerationOptions extends ActSequenceOptions {
  /** Where past acts are read, to undo them. */
  readonly log: Pick<RoomHistory, "read" | "room">;
  readonly state: StateStore;
  /** @default {there are no accounts} */
  readonly accounts?: AccountDirectory;
}

export class Moderation {
  readonly ownership: RoomOwnership;
  readonly settings: RoomSettings;
  readonly roles: RoomRoles;
  readonly invitations: RoomInvitations;
  readonly sanctions: Sanctions;
  readonly exceptions: Exceptions;
  readonly #clock: Clock;
  readonly #acts: ActSequence;
  readonly #redactions: Redactions;
  readonly #pastActs: PastActs;
  readonly #renames: RoomRenames;

  constructor(options: ModerationOptions) {
    const { clock = systemClock } = options;
    const acts = new ActSequence({ ...options, clock });
    const parts = { ...options, clock, acts };
    this.ownership = new RoomOwnership(parts);
    this.settings = new RoomSettings(acts);
    this.roles = new RoomRoles(parts);
    this.invitations = new RoomInvitations(parts);
    this.sanctions = new Sanctions(parts);
    this.exceptions = new Exceptions(acts);
    this.#clock = clock;
    this.#acts = acts;
    this.#redactions = new Redactions(parts);
    this.#pastActs = new PastActs(parts);
    this.#renames = new RoomRenames(parts);
  }

  /** As {@linkcode ActSequence.onAct}. */
  onAct(listener: (act: DoneAct) => void): () => void {
    return this.#acts.onAct(listener);
  }

  /**
   * Replaces the text of an event by a tombstone: for those who keep order in a room, and for who
   * said it. That cannot be taken back.
   *
   * @throws {DomainError} `no-such-event`; `not-permitted` if the asker may not redact it, or no
   * longer; or why they may not read the room.
   */
  redact(asker: Moderator, room: string, seq: number, reason: string): Promise<DoneAct> {
    return this.#redactions.redact(asker, room, seq, reason);
  }

  /**
   * Renames a room: everybody moves to a new room. See `room_renames.ts`.
   *
   * @param to As `parseRoomName` returns it.
   * @param reason May be `""`.
   * @throws {DomainError} `name-in-use` if another room has or had that name; `not-permitted` if
   * the asker may not rename the room, or it cannot be renamed to that.
   */
  rename(asker: Moderator, room: string, to: string, reason: string): Promise<DoneAct> {
    return this.#renames.rename(asker, room, to, reason);
  }

  /**
   * Takes back the act with a number in #moderation.
   *
   * @throws {DomainError} `no-such-event` if there is no such act in a room into which the asker
   * may invite; `not-permitted` if it cannot be undone, or not by the asker.
   */
  undo(asker: Moderator, seq: number): Promise<DoneAct> {
    return this.#pastActs.undo(asker, seq);
  }

  /** The time, milliseconds since 1970. */
  now(): number {
    return this.#clock.now();
  }
}
