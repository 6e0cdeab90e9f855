/**
 * `partyline restore`: creates a data directory from a backup.
 *
 * @module
 */

import { copyLog } from "../../store/sqlite/copy_log.ts";
import { lockDataDirectory } from "../../store/sqlite/data_directory.ts";
import { openBackup } from "../../store/sqlite/open_log.ts";
import { removeIndex } from "../../store/sqlite/search/index_file.ts";
import type { CommandBody } from "../command.ts";
import { onlyArgument } from "../options/flags.ts";
import { refuseExisting } from "../reading/output.ts";
import { READING_OPTIONS, readingOptions } from "../reading/reading.ts";
import { copyText } from "./backup.ts";

/** Creates a data directory from a backup. */
export default {
  usage: "restore FILE [OPTIONS]",
  options: READING_OPTIONS,

  async run(args, environment) {
    const file = onlyArgument(args, "restore", "file");
    const { data } = await readingOptions([], args, environment);
    using backup = openBackup(file);
    using directory = lockDataDirectory(data.value);
    refuseExisting(
      directory.databasePath,
      `${data.value} already has a log. Move it away, or choose another directory with --data DIR.`,
    );
    // Left over from an earlier log; the server builds a new index.
    removeIndex(directory.indexPath);
    removeIndex(directory.databasePath);
    const size = await copyLog(backup, directory.databasePath);
    environment.stdout(`Restored ${copyText(size)} to ${data.value}`);
    return 0;
  },
} satisfies CommandBody;
