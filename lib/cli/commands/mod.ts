/**
 * The commands, in the order of `--help`. A new one is a file here and a line below.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { serveCommand } from "./serve.ts";

/** Every command. The first runs where none is named. */
export const COMMANDS: readonly [Command, ...Command[]] = [
  serveCommand,
];
