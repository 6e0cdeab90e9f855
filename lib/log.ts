/**
 * The program's own diagnostics, by LogTape: every part logs through {@linkcode log}, and
 * `cli/log_output.ts` decides what is written, where and how.
 *
 * @module
 */

import { getLogger, type Logger } from "@logtape/logtape";

/** The logger of a part of the program, e.g. `log("server")`. */
export function log(part: string): Logger {
  return getLogger(["partyline", part]);
}
