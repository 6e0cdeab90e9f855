/**
 * Writes what a filter lets through of a room, as it happens. The threads that read the log do the
 * filtering, no faster than the output is read.
 *
 * @module
 */

import type { DomainError } from "../../domain/domain_error.ts";
import { MatchFollower } from "../../domain/feeds/match_follower.ts";
import type { MatchReading } from "../../domain/history/read_matches.ts";
import type { Matches } from "../../domain/history/room_history.ts";
import type { ExecCall } from "./exec_command.ts";
import { watchAccess } from "./watch_access.ts";

/**
 * Shows every page after event `after`, until the command is stopped.
 *
 * @throws {DomainError} once the asker may no longer read the room.
 */
export async function followMatchesLive(
  call: ExecCall,
  reading: MatchReading,
  after: number,
  show: (page: Matches) => Promise<void>,
): Promise<void> {
  const { chat: { registry }, asker, program: { signal } } = call;
  if (signal.aborted) return;
  let refusal: DomainError | undefined;
  let follower: MatchFollower | undefined;
  const stop = () => follower?.stop();
  using _access = watchAccess(call, reading.room, (reason) => {
    refusal = reason;
    stop();
  });
  signal.addEventListener("abort", stop);
  try {
    await registry.watch(asker, reading.room, (room) => {
      follower = new MatchFollower(room, reading, Math.min(after, room.lastSeq));
      if (signal.aborted) stop();
    });
    for (let page = await follower?.next(); page; page = await follower?.next()) await show(page);
    if (refusal) throw refusal;
  } finally {
    signal.removeEventListener("abort", stop);
    follower?.[Symbol.dispose]();
  }
}
