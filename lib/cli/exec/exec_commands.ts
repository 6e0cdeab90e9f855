/**
 * The commands that people run over SSH, in the order of `help`. A new one is a file here and a line
 * below.
 *
 * @module
 */

import type { ExecCommand } from "./exec_command.ts";
import { exportExec } from "./export.ts";
import { historyExec } from "./history.ts";
import { logExec } from "./log.ts";
import { roomsExec } from "./rooms.ts";
import { sayExec } from "./say.ts";
import { searchExec } from "./search.ts";
import { tailExec } from "./tail.ts";
import { whoExec } from "./who.ts";

/** All commands. */
export const EXEC_COMMANDS: readonly [ExecCommand, ...ExecCommand[]] = [
  sayExec,
  logExec,
  tailExec,
  historyExec,
  searchExec,
  exportExec,
  whoExec,
  roomsExec,
];
