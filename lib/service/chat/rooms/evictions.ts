/**
 * Sends people out of rooms that they may not read any more: those who are kicked or banned, and
 * guests of a room that has become private. In small steps, because a room can have thousands of
 * people.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../clock.ts";
import type { AccessControl } from "../../../domain/access/access_control.ts";
import type { Moderation } from "../../../domain/access/moderation/moderation.ts";
import type { DoneAct } from "../../../domain/access/moderation/moderation_act.ts";
import {
  type ModerationFacts,
  readFacts,
} from "../../../domain/access/moderation/moderation_record.ts";
import { isRestricted } from "../../../domain/access/rules/restrictions.ts";
import { nameKey } from "../../../domain/name.ts";
import type { NicknameRegistry } from "../../../domain/nickname_registry.ts";
import type { Cause } from "../../../domain/room_event.ts";
import type { RoomRegistry } from "../../../domain/rooms/room_registry.ts";
import type { Member, RoomStream } from "../../../domain/rooms/room_stream.ts";
import { dayAndTime } from "../../../domain/wording.ts";
import { log } from "../../../log.ts";
import type { Screen } from "../screen.ts";
import { whereabouts } from "../text/sentence.ts";

/** People looked at before others have a turn. */
const CHECKED_AT_ONCE = 256;
/** People sent out before others have a turn. */
const SENT_AT_ONCE = 32;

/** Somebody who can be sent out. */
export interface Evictable {
  readonly member: Member;
  readonly rooms: readonly RoomStream[];
  readonly currentRoom: RoomStream | undefined;
  /** Whether another node sends them out. */
  readonly isRemote?: boolean;
  readonly screen: Pick<Screen, "tellsWhy">;
  findRoom(room: string): RoomStream | undefined;
  readonly visits: {
    leave(room: RoomStream, farewell: string, why: string, cause?: Cause): void;
  };
  notice(text: string): boolean;
}

export interface EvictionsOptions {
  readonly registry: Pick<RoomRegistry, "find" | "followActs">;
  readonly access: AccessControl;
  readonly people: Pick<NicknameRegistry<Evictable>, "find">;
  readonly moderation: Moderation;
  readonly clock: Clock;
}

/** Why somebody has to leave, for them and for the others. */
interface Grounds {
  readonly notice: string;
  /** What to do, for doors where people type commands. */
  readonly tip?: string;
  readonly farewell: string;
  readonly cause?: Cause;
}

export class Evictions {
  readonly #options: EvictionsOptions;
  /** Rooms being looked through, and whether their rules have changed since the last start. */
  readonly #running = new Map<string, boolean>();
  /** The latest act in a room. */
  readonly #causes = new Map<string, DoneAct>();

  constructor(options: EvictionsOptions) {
    this.#options = options;
    options.moderation.onAct((act) => this.#note(act));
    // Who is connected here may be sent out from another node.
    options.registry.followActs((event) => {
      const facts = readFacts(event);
      if (facts?.act === "kick") this.#kick(facts, event.from);
    });
    options.access.onChange((room) => this.#start(room));
  }

  /** Sends somebody out of all rooms that they may not be in, after something of theirs changed. */
  check(person: Evictable): void {
    for (const room of person.rooms) {
      const grounds = this.#groundsFor(person.member, room.name);
      if (grounds) sendOut(person, room, grounds);
    }
  }

  #note(act: DoneAct): void {
    const { facts, by } = act;
    if (facts.act === "kick") this.#kick(facts, by);
    // A rename takes nobody's right to stay.
    else if (facts.act !== "rename") this.#causes.set(nameKey(facts.room), act);
  }

  #kick({ room, target = "", reason = "" }: ModerationFacts, by: string): void {
    const person = this.#options.people.find(target);
    const stream = person?.findRoom(room);
    if (!person || !stream || person.isRemote) return;
    const because = reason && ` (${reason})`;
    sendOut(person, stream, {
      notice: `${by} kicked you from #${room}${because}.`,
      tip: `/join ${room} brings you back.`,
      farewell: `kicked by ${by}${reason && `: ${reason}`}`,
      cause: { kind: "kick", by, reason },
    });
  }

  #start(room: string): void {
    if (this.#running.has(room)) {
      this.#running.set(room, true);
      return;
    }
    this.#run(room).catch((error) => {
      log("chat").error("Cannot send people out of #{room}: {error}", { room, error });
    });
  }

  async #run(room: string): Promise<void> {
    try {
      do {
        this.#running.set(room, false);
        await this.#lookThrough(room);
      } while (this.#running.get(room));
    } finally {
      this.#running.delete(room);
      this.#causes.delete(room);
    }
  }

  async #lookThrough(key: string): Promise<void> {
    const { registry, people } = this.#options;
    const room = registry.find(key);
    if (!room) return;
    let checked = 0;
    let sent = 0;
    // Those who come in meanwhile have been asked for under the new rules.
    for (const member of [...room.members]) {
      const grounds = room.members.has(member) && this.#groundsFor(member, room.name);
      const found = grounds ? people.find(member.nickname) : undefined;
      const person = found?.isRemote ? undefined : found;
      const stream = person?.member === member ? person.findRoom(room.name) : undefined;
      if (grounds && person && stream) {
        sendOut(person, stream, grounds);
        sent++;
      }
      if (++checked % CHECKED_AT_ONCE === 0 || sent === SENT_AT_ONCE) {
        sent = 0;
        await setImmediate();
      }
    }
  }

  /** Why somebody who is in a room has to leave; `undefined` if they may stay. */
  #groundsFor(member: Member, room: string): Grounds | undefined {
    const { access, clock } = this.#options;
    const refusal = access.refusal(member, room, "read", { isMember: true });
    if (!refusal) return undefined;
    const rules = access.rules(room);
    if (refusal.code === "no-such-room" && rules?.isPrivate) {
      return { notice: this.#whyPrivate(room), farewell: "not invited" };
    }
    const ban = rules && isRestricted(member, rules.bans, clock.now());
    if (!ban) {
      const { message } = access.refusal(member, room, "join") ?? refusal;
      return { notice: `You are no longer in #${room}. ${message}`, farewell: "" };
    }
    const { by, until, reason } = ban;
    const time = until === undefined ? "" : ` until ${dayAndTime(until)}`;
    return {
      notice: `${by} banned you from #${room}${time}${reason && ` (${reason})`}.`,
      farewell: `banned by ${by}${reason && `: ${reason}`}`,
      cause: { kind: "kick", by, reason: `banned${reason && `: ${reason}`}` },
    };
  }

  #whyPrivate(room: string): string {
    const { by, facts } = this.#causes.get(nameKey(room)) ?? {};
    switch (facts?.act) {
      case "private":
        return `${by} made #${room} private, and you have no invitation. Ask ${by} for one.`;
      case undefined:
        return `#${room} is private, and you have no invitation. Ask somebody in it for one.`;
      default:
        return `${by} took back what let you into #${room}, which is private. Ask ${by} why.`;
    }
  }
}

function sendOut(
  person: Evictable,
  room: RoomStream,
  { notice, tip, farewell, cause }: Grounds,
): void {
  const wasCurrent = person.currentRoom === room;
  person.visits.leave(room, farewell, notice, cause);
  if (person.screen.tellsWhy) return;
  const where = wasCurrent ? whereabouts(person) : undefined;
  person.notice([notice, tip, where].filter((sentence) => sentence !== undefined).join(" "));
}
