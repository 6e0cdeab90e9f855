/**
 * `ssh host tail ROOM`: the last events of a room, and those to come.
 *
 * @module
 */

import { encodedPieces } from "../../service/chat/encoded_pieces.ts";
import { onlyArgument } from "../flags.ts";
import { resolveOptions } from "../option.ts";
import { TAIL_OPTIONS } from "../tail_options.ts";
import { type ExecCommand, readableRoom, write } from "./exec_command.ts";
import { followRoomLive } from "./follow_room_live.ts";

export const tailExec: ExecCommand = {
  name: "tail",
  summary: "print the last events of a room, and follow it",
  usage: "tail ROOM [OPTIONS]",
  options: TAIL_OPTIONS,

  async run(args, call) {
    const name = onlyArgument(args, "tail", "room");
    const options = resolveOptions(TAIL_OPTIONS, { ...args, env: () => undefined });
    const { sees, program } = call;
    const format = options.json.value ? "jsonl" : "text";
    // A room that is followed need not exist.
    const known = await sees.room(sees.parseName(name));
    const { name: room, lastSeq } = known || !options.follow.value
      ? await readableRoom(call, name)
      : { name: sees.parseName(name), lastSeq: 0 };
    const range = { after: Math.max(0, lastSeq - options.lines.value), before: lastSeq + 1 };
    for await (const piece of encodedPieces(sees, room, range, format, false)) {
      await write(call, piece);
      if (program.signal.aborted) return 0;
    }
    if (options.follow.value) await followRoomLive(call, room, lastSeq, format);
    return 0;
  },
};
