/**
 * `partyline backup`: a copy of the log, of one moment, while the server runs.
 *
 * @module
 */

import { copyLog } from "../../store/sqlite/copy_log.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import { onlyArgument } from "../arguments.ts";
import type { Command } from "../command.ts";
import { copyText, refuseExisting } from "../copy_text.ts";
import { reasonOf } from "../new_file.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading.ts";

/** The command that makes a copy. */
export const backupCommand: Command = {
  name: "backup",
  summary: "copy the log to a file, also while the server runs",
  usage: "backup FILE [OPTIONS]",
  options: READING_OPTIONS,

  async run(args, environment) {
    const file = onlyArgument(args, "backup", "file");
    const { data } = readingOptions([], args, environment);
    refuseExisting(file, `There is a file ${file} already. Name another one, or move it away.`);
    using log = openLogToRead(dataPaths(data.value).databasePath);
    const size = await copyLog(log, file).catch((error: Error) => {
      throw new Error(`Cannot write ${file}: ${reasonOf(error)}`);
    });
    environment.stdout(`Backed up ${copyText(size)} to ${file}`);
    return 0;
  },
};
