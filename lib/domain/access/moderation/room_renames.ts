/**
 * Renames rooms. A message is identified by its room and number, so a room never really changes its
 * name: everybody moves to a new room with the same topic and rules, and earlier messages stay
 * where they were. If the room has an owner, its former name leads to the new one; if it has none,
 * anybody can create a room of that name again.
 *
 * A name that differs only in capitals is no other name: messages are found under either.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { isDirectRoom } from "../../direct_room.ts";
import { DomainError } from "../../domain_error.ts";
import type { RoomHistory } from "../../history/room_history.ts";
import { checkNewRoomName, nameKey } from "../../name.ts";
import { type Draft, movedTo } from "../../room_event.ts";
import type { Room } from "../../rooms/room.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import { MODERATION_ROOM } from "../../server_rooms.ts";
import { withoutLog } from "../../unlogged.ts";
import type { AccessControl } from "../access_control.ts";
import { notPermitted } from "../refusal.ts";
import { MOST_FORMER_NAMES } from "../rules/former_names.ts";
import type { ActSequence } from "./act_sequence.ts";
import type { DoneAct, Moderator } from "./moderation_act.ts";
import { checkReason } from "./plan_changes.ts";

/** Members of the largest room that has no rename limit: each of them is sent all names again. */
const CROWD = 50;
/** Minimum time between two renames of a larger room, in milliseconds. */
const CROWD_MS = 60_000;

export interface RoomRenamesOptions {
  readonly clock: Clock;
  readonly access: AccessControl;
  readonly registry: RoomRegistry;
  readonly acts: ActSequence;
  /** Searched for history under the new name. */
  readonly log: Pick<RoomHistory, "read" | "room">;
}

export class RoomRenames {
  readonly #options: RoomRenamesOptions;
  /** Monotonic time of each room's last rename, in milliseconds. */
  readonly #renamedAt = new WeakMap<Room, number>();

  constructor(options: RoomRenamesOptions) {
    this.#options = options;
  }

  /** As `Moderation.rename()`. */
  async rename(asker: Moderator, room: string, name: string, reason: string): Promise<DoneAct> {
    const { acts, clock, log, registry } = this.#options;
    const { name: from = room } = registry.find(room) ?? {};
    // Checked before permissions: nobody may rename these.
    this.#requireFree(from);
    if (nameKey(from) === nameKey(name)) return await this.#respell(asker, from, name, reason);
    // Keeps the original capitals of a former name.
    const to = (await log.room(name))?.name ?? name;
    const done = await acts.carryOut({
      asker,
      room: from,
      act: "rename",
      needs: ["own"],
      facts: { to, reason: reason || undefined },
      check: async () => {
        await this.#check(asker, from, to);
        // A topic that is under way comes along.
        await registry.settled();
      },
      plan: (rules) => {
        checkReason(reason);
        const because = reason && ` (${reason})`;
        const drafts = [
          ...this.#topicDrafts(from, to, asker, rules.hasNoLog),
          ...noticesOf(asker, from, to, reason),
        ];
        const deed = `renamed #${from} to #${to}${because}`;
        return { next: rules, changes: [], deed, move: { to, drafts } };
      },
    });
    const moved = registry.find(to);
    if (moved) this.#renamedAt.set(moved, clock.monotonic());
    return done;
  }

  /** Changes only the capitals of a room's name: it stays the same room. */
  async #respell(
    asker: Moderator,
    from: string,
    to: string,
    reason: string,
  ): Promise<DoneAct> {
    this.#requireCurrent(from);
    const because = reason && ` (${reason})`;
    return await this.#options.acts.carryOut({
      asker,
      room: from,
      act: "rename",
      needs: ["own"],
      facts: { to, reason: reason || undefined },
      plan: (rules) => {
        const { name } = this.#options.registry.find(from) ?? rules;
        if (name === to || lowerCase(name) !== lowerCase(to)) {
          throw notPermitted(`#${name} already has that name.`);
        }
        checkReason(reason);
        return {
          next: { ...rules, name: to },
          changes: [],
          deed: `renamed #${name} to #${to}${because}`,
          isTold: true,
          fields: { respelled: to, ...(reason && { reason }) },
        };
      },
    });
  }

  /** The topic that a room has, for the other one. */
  #topicDrafts(
    from: string,
    to: string,
    { nickname }: Moderator,
    hasNoLog: boolean,
  ): Draft[] {
    const { topic: body = "", topicOrigin } = this.#options.registry.find(from) ?? {};
    if (body === "") return [];
    const { by = nickname, at } = topicOrigin ?? {};
    const fields = at === undefined ? undefined : { setAt: at };
    const draft: Draft = { room: to, kind: "topic", from: by, body, fields };
    return [hasNoLog ? withoutLog(draft) : draft];
  }

  /** @throws {DomainError} `not-permitted` if the server needs a room of that name. */
  #requireFree(name: string): void {
    const isNeeded = isDirectRoom(name) || nameKey(name) === MODERATION_ROOM ||
      this.#options.access.isCommon(name);
    if (!isNeeded) return;
    throw notPermitted(`The server itself uses #${name}, so no room can be renamed from or to it.`);
  }

  /** @throws {DomainError} `not-permitted` if a room has another name by now. */
  #requireCurrent(name: string): void {
    const current = this.#options.access.currentName(name);
    if (current !== name) throw notPermitted(`#${name} is #${current} now.`);
  }

  /** @throws {DomainError} `not-permitted` or `name-in-use` if the room cannot be renamed to it. */
  async #check(asker: Moderator, from: string, to: string): Promise<void> {
    const { access, clock, registry, log } = this.#options;
    checkNewRoomName(to);
    this.#requireFree(to);
    this.#requireCurrent(from);
    const room = registry.find(from);
    if (!room?.members.size) throw notPermitted(`Nobody is in #${from} any more.`);
    const renamedAt = this.#renamedAt.get(room) ?? -Infinity;
    if (room.members.size > CROWD && clock.monotonic() - renamedAt < CROWD_MS) {
      throw notPermitted(
        `#${from} was renamed a moment ago. A room this large can be renamed once a minute.`,
      );
    }
    const refusal = access.refusal(asker, to, "join", { members: 0, isMember: true });
    if (refusal) throw refusal;
    const names = access.rules(from)?.formerly ?? [];
    const isBack = names.some((name) => nameKey(name) === nameKey(to));
    if (!isBack && names.length >= MOST_FORMER_NAMES) {
      throw notPermitted(
        `#${from} has had ${MOST_FORMER_NAMES} other names, which is the limit. ` +
          "You can still take one of those back.",
      );
    }
    if (registry.find(to)?.members.size) throw inUse(to);
    if (isBack) return;
    if (access.rules(to) || access.currentName(to) !== to) throw inUse(to);
    const past = await log.room(to);
    if (!past || past.lastSeq === 0) return;
    const [last] = await log.read(past.name, past.lastSeq - 1, 1);
    // Undoing a rename is allowed while nobody has entered the old room since.
    const cameFrom = last && movedTo(last);
    if (cameFrom === undefined || nameKey(cameFrom) !== nameKey(from)) throw inUse(to);
  }
}

/** Of ASCII letters: IRC clients take names that differ in others for those of two rooms. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The notices that tell both rooms of a rename. */
function noticesOf({ nickname }: Moderator, from: string, to: string, reason: string): Draft[] {
  const because = reason && ` (${reason})`;
  return [
    {
      room: to,
      kind: "notice",
      from: nickname,
      body: `This room was called #${from}. Earlier messages are in #${from}.`,
      fields: { movedFrom: from },
    },
    {
      room: from,
      kind: "notice",
      from: nickname,
      body: `${nickname} renamed this room: it is now called #${to}${because}.`,
      fields: { movedTo: to, ...(reason && { reason }) },
      cause: { kind: "move", to },
    },
  ];
}

function inUse(name: string): DomainError {
  return new DomainError(
    "name-in-use",
    `#${name} is in use, or holds the history of an earlier room. Choose another name.`,
  );
}
