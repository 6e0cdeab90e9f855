/**
 * `partyline restore`: a data directory from a backup.
 *
 * @module
 */

import { copyLog } from "../../store/sqlite/copy_log.ts";
import { lockDataDirectory } from "../../store/sqlite/data_directory.ts";
import { openBackup } from "../../store/sqlite/open_backup.ts";
import { removeIndex } from "../../store/sqlite/search/index_file.ts";
import { onlyArgument } from "../flags.ts";
import type { Command } from "../command.ts";
import { refuseExisting } from "../output.ts";
import { READING_OPTIONS, readingOptions } from "../reading.ts";
import { copyText } from "./backup.ts";

/** The command that brings a copy back. */
export const restoreCommand: Command = {
  name: "restore",
  summary: "make a data directory from a backup; never overwrites one",
  usage: "restore FILE [OPTIONS]",
  options: READING_OPTIONS,

  async run(args, environment) {
    const file = onlyArgument(args, "restore", "file");
    const { data } = readingOptions([], args, environment);
    using backup = openBackup(file);
    using directory = lockDataDirectory(data.value);
    refuseExisting(
      directory.databasePath,
      `There is a log in ${data.value} already. Move it away, or name another directory with ` +
        "--data DIR.",
    );
    // Of a log that was there before; the server makes a new index.
    removeIndex(directory.indexPath);
    removeIndex(directory.databasePath);
    const size = await copyLog(backup, directory.databasePath);
    environment.stdout(`Restored ${copyText(size)} to ${data.value}`);
    return 0;
  },
};
