/**
 * A registry of rooms over a log in memory, and members who come and go.
 *
 * @module
 */

import { LocalSequencer } from "../../lib/backplane/local.ts";
import type { Room } from "../../lib/domain/rooms/room.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";
import { FakeMember } from "./fake_member.ts";
import { TrialLog } from "./trial_log.ts";

/** A registry with a log of its own. */
export function setUpRegistry() {
  const log = new TrialLog();
  const sequencer = new LocalSequencer(log);
  const registry = new RoomRegistry({ log, sequencer });
  return { log, sequencer, registry };
}

/** Joins a room as a new member, and waits until everybody has been told. */
export async function enter(registry: RoomRegistry, nickname: string, name = "lobby") {
  const member = new FakeMember(nickname);
  const room = await join(registry, member, name);
  await registry.settled();
  return { member, room };
}

export async function join(
  registry: RoomRegistry,
  member: FakeMember,
  name = "lobby",
): Promise<Room> {
  let room: Room | undefined;
  registry.attach(member);
  await registry.membership.join(member, name, (entered) => {
    room = entered;
    room.subscribe(member);
  });
  return room!;
}

/** Leaves a room, as a session does. */
export function leave(
  registry: RoomRegistry,
  member: FakeMember,
  room: Room,
  farewell?: string,
): void {
  room.unsubscribe(member);
  registry.membership.leave(member, room, farewell);
}
