/**
 * Gives rooms other names. The number of each message names its room, so a room never really changes
 * its name: everybody in it goes on in a new room, with its topic and rules, and what was said before
 * stays where it was. If the room has an owner, its former name leads to the new one from then on;
 * if it has none, that name is anybody's again.
 *
 * @module
 */

import type { Clock } from "../../clock.ts";
import { DomainError } from "../domain_error.ts";
import { nameKey } from "../name.ts";
import { type Draft, movedTo } from "../room_event.ts";
import type { Room } from "../room.ts";
import type { RoomHistory } from "../room_history.ts";
import type { RoomRegistry } from "../room_registry.ts";
import { withoutLog } from "../unlogged.ts";
import type { AccessControl } from "./access_control.ts";
import type { ActSequence, DoneAct, Moderator } from "./act_sequence.ts";
import { isDirectRoom } from "./direct_room.ts";
import { MOST_FORMER_NAMES } from "./former_names.ts";
import { checkReason } from "./moderation_acts.ts";
import { MODERATION_ROOM } from "./permissions.ts";

/** People in a room with more of them, who are told the names of all others, make it a crowd. */
const CROWD = 50;
/** How often a room with a crowd may get another name, in milliseconds. */
const CROWD_MS = 60_000;

export interface RoomRenamesOptions {
  readonly clock: Clock;
  readonly access: AccessControl;
  readonly registry: RoomRegistry;
  readonly acts: ActSequence;
  /** Where the past of the new name would be. */
  readonly log: Pick<RoomHistory, "read" | "room">;
}

export class RoomRenames {
  readonly #options: RoomRenamesOptions;
  /** When rooms got the names that they have. */
  readonly #renamedAt = new WeakMap<Room, number>();

  constructor(options: RoomRenamesOptions) {
    this.#options = options;
  }

  /** As `Moderation.rename()`. */
  async rename(asker: Moderator, room: string, name: string, reason: string): Promise<DoneAct> {
    const { acts, clock, log, registry } = this.#options;
    const { name: from = room } = registry.find(room) ?? {};
    // Before anything is said about who may: nobody can.
    this.#requireFree(from);
    // As it was first written, if it had that name before.
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

  /** @throws {DomainError} if the server needs a room of that name. */
  #requireFree(name: string): void {
    const isNeeded = isDirectRoom(name) || nameKey(name) === MODERATION_ROOM ||
      this.#options.access.isCommon(name);
    if (!isNeeded) return;
    throw refused(`#${name} is a name that the server itself uses, so it stays what it is.`);
  }

  /** @throws {DomainError} if the room cannot get that name. */
  async #check(asker: Moderator, from: string, to: string): Promise<void> {
    const { access, clock, registry, log } = this.#options;
    this.#requireFree(to);
    if (nameKey(from) === nameKey(to)) throw refused(`#${from} has that name already.`);
    const current = access.currentName(from);
    if (current !== from) throw refused(`#${from} is #${current} now.`);
    const room = registry.find(from);
    if (!room?.members.size) throw refused(`Nobody is in #${from} any more.`);
    const renamedAt = this.#renamedAt.get(room) ?? -Infinity;
    if (room.members.size > CROWD && clock.monotonic() - renamedAt < CROWD_MS) {
      throw refused(
        `#${from} got this name a moment ago. With so many people in it, that takes a minute.`,
      );
    }
    const refusal = access.refusal(asker, to, "join", { members: 0, isMember: true });
    if (refusal) throw refusal;
    const names = access.rules(from)?.formerly ?? [];
    const isBack = names.some((name) => nameKey(name) === nameKey(to));
    if (!isBack && names.length >= MOST_FORMER_NAMES) {
      throw refused(
        `#${from} has had ${MOST_FORMER_NAMES} other names, which is the limit. ` +
          "It can get one of these again.",
      );
    }
    if (registry.find(to)?.members.size) throw inUse(to);
    if (isBack) return;
    if (access.rules(to) || access.currentName(to) !== to) throw inUse(to);
    const past = await log.room(to);
    if (!past || past.lastSeq === 0) return;
    const [last] = await log.read(past.name, past.lastSeq - 1, 1);
    // Nobody has been there since everybody came from there.
    const cameFrom = last && movedTo(last);
    if (cameFrom === undefined || nameKey(cameFrom) !== nameKey(from)) throw inUse(to);
  }
}

/** Tell those in both rooms. */
function noticesOf({ nickname }: Moderator, from: string, to: string, reason: string): Draft[] {
  const because = reason && ` (${reason})`;
  return [
    {
      room: to,
      kind: "notice",
      from: nickname,
      body: `This room was #${from} until here. Its past is in #${from}.`,
      fields: { movedFrom: from },
    },
    {
      room: from,
      kind: "notice",
      from: nickname,
      body: `${nickname} renamed #${from}: it is #${to} from here on${because}.`,
      fields: { movedTo: to, ...(reason && { reason }) },
      cause: { kind: "move", to },
    },
  ];
}

function refused(sentence: string): DomainError {
  return new DomainError("not-permitted", sentence);
}

function inUse(name: string): DomainError {
  return new DomainError(
    "name-in-use",
    `There is a room #${name}, or was one, and its past is under that name. Choose another name.`,
  );
}
