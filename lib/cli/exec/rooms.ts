/**
 * `ssh host rooms`: the rooms that one may see.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import { roomLines } from "../../service/chat/rooms/room_lists.ts";
import { refuseSurplus } from "../options/flags.ts";
import type { ExecCommand } from "./exec_command.ts";

export const roomsExec: ExecCommand = {
  name: "rooms",
  summary: "list the rooms, the busiest first",
  usage: "rooms",
  options: [],

  async run(args, { sees, environment }) {
    refuseSurplus(args, 0, "rooms takes nothing");
    for (const line of await roomLines(sees)) environment.stdout(terminalText(line));
    return 0;
  },
};
