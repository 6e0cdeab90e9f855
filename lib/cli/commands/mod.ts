/**
 * The commands in the order of `--help`. A new one is a file here and a line below.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { accountCommand } from "./account.ts";
import { backupCommand } from "./backup.ts";
import { checkCommand } from "./check.ts";
import { exportCommand } from "./export.ts";
import { restoreCommand } from "./restore.ts";
import { searchCommand } from "./search.ts";
import { serveCommand } from "./serve.ts";
import { statusCommand } from "./status.ts";
import { tailCommand } from "./tail.ts";
import { tokenCommand } from "./token.ts";
import { verifyCommand } from "./verify.ts";

/** All commands. The first is the default. */
export const PROGRAM_COMMANDS: readonly [Command, ...Command[]] = [
  serveCommand,
  tailCommand,
  searchCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  verifyCommand,
  accountCommand,
  tokenCommand,
  statusCommand,
  checkCommand,
];
