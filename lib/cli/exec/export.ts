/**
 * `ssh host export`: the log of the rooms that one may read.
 *
 * @module
 */

import type { PermittedRooms } from "../../domain/archive/permitted_rooms.ts";
import type { SeqRange } from "../../domain/history/room_history.ts";
import type { RoomRecord } from "../../domain/message_log.ts";
import { encodedPieces } from "../../service/chat/text/encoded_pieces.ts";
import { refuseSurplus } from "../options/flags.ts";
import { resolveOptions } from "../options/option.ts";
import { FORMAT_OPTION } from "../reading/format_option.ts";
import { momentOf, ROOM_OPTION, SINCE_OPTION, UNTIL_OPTION } from "../reading/reading.ts";
import { type ExecCommand, readableRoom, write } from "./exec_command.ts";

/** Most rooms of one export. */
const MOST_ROOMS = 10_000;

const OPTIONS = [ROOM_OPTION, SINCE_OPTION, UNTIL_OPTION, FORMAT_OPTION] as const;

export const exportExec: ExecCommand = {
  name: "export",
  summary: "print the log as JSON Lines, text or CSV, room by room",
  usage: "export [OPTIONS]",
  options: OPTIONS,

  async run(args, call) {
    refuseSurplus(args, 0, "export takes options only");
    const options = resolveOptions(OPTIONS, { ...args, env: () => undefined });
    const { sees, clock } = call;
    const since = momentOf(options.since, clock.now());
    const until = momentOf(options.until, clock.now());
    const { value: name } = options.room;
    const rooms = name === undefined
      ? await sees.rooms(MOST_ROOMS)
      : [await readableRoom(call, name)];
    for (const [index, room] of rooms.entries()) {
      const range = since === undefined && until === undefined
        ? { after: 0, before: room.lastSeq + 1 }
        : await rangeOf(sees, room, since ?? 0, until ?? Number.MAX_SAFE_INTEGER);
      const isFirst = index === 0;
      for await (
        const piece of encodedPieces(sees, room.name, range, options.format.value, isFirst)
      ) {
        await write(call, piece);
        if (call.program.signal.aborted) return 1;
      }
    }
    return 0;
  },
};

/** The events of a room from one time to another. */
async function rangeOf(
  sees: PermittedRooms,
  { name, lastSeq }: RoomRecord,
  since: number,
  until: number,
): Promise<SeqRange> {
  let found: SeqRange | undefined;
  for (let after = 0; after < lastSeq;) {
    const range = { after, before: lastSeq + 1 };
    const { before, counts } = await sees.countByTime(name, range, { since, until, parts: 1 });
    const inside = counts.find(({ part }) => part === 0);
    if (inside) found = { after: found?.after ?? inside.first - 1, before: inside.last + 1 };
    after = before - 1;
  }
  return found ?? { after: 0, before: 1 };
}
