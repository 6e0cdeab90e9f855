/**
 * Renames rooms. A message is identified by its room and number, so a room never really changes its
 * name: everybody moves to a new room with the same topic and rules, and earlier messages stay
 * where they were. If the room has an owner, its former name leads to the new one; if it has none,
 * anybody can create a room of that name again.
 *
 * @module
 */

import type { Clock } from "../../../clock.ts";
import { DomainError } from "../../domain_error.ts";
import type { RoomHistory } from "../../history/room_history.ts";
import { nameKey } from "../../name.ts";
import { type Draft, movedTo } from "../../room_event.ts";
import type { Room } from "../../rooms/room.ts";
import type { RoomRegistry } from "../../rooms/room_registry.ts";
import { withoutLog } from "../../unlogged.ts";
import type { AccessControl } from "../access_control.ts";
import { isDirectRoom } from "../direct_room.ts";
import { notPermitted } from "../refusal.ts";
import { MOST_FORMER_NAMES } from "../rules/former_names.ts";
import { MODERATION_ROOM } from "../server_rooms.ts";
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

  /** @throws {DomainError} `not-permitted` or `name-in-use` if the room cannot be renamed to it. */
  async #check(asker: Moderator, from: string, to: string): Promise<void> {
    const { access, clock, registry, log } = this.#options;
    this.#requireFree(to);
    if (nameKey(from) === nameKey(to)) throw notPermitted(`#${from} already has that name.`);
    const current = access.currentName(from);
    if (current !== from) throw notPermitted(`#${from} is #${current} now.`);
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
