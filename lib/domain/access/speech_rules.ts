/**
 * The permission that each kind of event needs, and slow mode.
 *
 * @module
 */

import type { Asker } from "../asker.ts";
import type { Draft, RoomEventKind } from "../room_event.ts";
import type { AccessControl } from "./access_control.ts";
import type { Act } from "./room_act.ts";
import { SlowMode } from "./slow_mode.ts";

/** The permission that a kind of event needs; kinds that are absent need none of their own. */
const ACTS: Partial<Record<RoomEventKind, Act>> = {
  message: "speak",
  action: "speak",
  log: "log",
  topic: "topic",
  react: "react",
  unreact: "react",
  pin: "pin",
  unpin: "pin",
};

/** Begins a message for programs rather than people. */
const CTCP_START = "\x01";

export class SpeechRules {
  readonly #access: AccessControl;
  readonly #slowMode: SlowMode;

  constructor(access: AccessControl) {
    this.#access = access;
    this.#slowMode = new SlowMode(access.clock);
  }

  /** Whether a member may say something in a room now. @param body The text, as far as known. */
  maySpeak(member: Asker, room: string, body: string): boolean {
    const spokeAt = this.#slowMode.spokeAt(member, room);
    const isCtcp = body.startsWith(CTCP_START);
    return !this.#access.refusal(member, room, "speak", { isMember: true, spokeAt, isCtcp });
  }

  /**
   * Makes sure that a member of a room may do something there now, and counts it for slow mode.
   *
   * @throws {DomainError} As the rules of the room say.
   */
  require(member: Asker, room: string, kind: RoomEventKind, body: string): void {
    this.#require(member, room, ACTS[kind], true, kind, body);
  }

  /** As {@linkcode SpeechRules.require}, for somebody who speaks without being in the room. */
  requireFromOutside(asker: Asker, room: string, kind: RoomEventKind, body: string): void {
    this.#require(asker, room, "speak", false, kind, body);
  }

  /** The same for drafts, all or none, from a sender that is in no room. */
  requirePosting(asker: Asker, drafts: readonly Draft[]): void {
    for (const { room, kind } of drafts) {
      const spokeAt = this.#slowMode.spokeAt(asker, room);
      this.#access.require(asker, room, ACTS[kind] ?? "own", { spokeAt });
    }
    for (const { room, kind } of drafts) this.#noteSpeech(asker, room, ACTS[kind]);
  }

  #require(
    member: Asker,
    room: string,
    act: Act | undefined,
    isMember: boolean,
    kind: RoomEventKind,
    body: string,
  ): void {
    if (!act) return;
    const spokeAt = this.#slowMode.spokeAt(member, room);
    const isCtcp = kind === "message" && body.startsWith(CTCP_START);
    this.#access.require(member, room, act, { isMember, spokeAt, isCtcp });
    this.#noteSpeech(member, room, act);
  }

  #noteSpeech(asker: Asker, room: string, act: Act | undefined): void {
    if (act !== "speak" || !this.#access.rules(room)?.slowSeconds) return;
    this.#slowMode.note(asker, room);
  }
}
