/**
 * `partyline backup`: a consistent copy of the log, even while the server runs.
 *
 * @module
 */

import { sizeText } from "../../domain/text/size_text.ts";
import { countText } from "../../domain/wording.ts";
import { copyLog, type CopySize } from "../../store/sqlite/copy_log.ts";
import { openLogToCopy } from "../../store/sqlite/open_log.ts";
import type { CommandBody } from "../command.ts";
import { onlyArgument } from "../options/flags.ts";
import { refuseExisting } from "../reading/output.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading/reading.ts";

/** Copies the log to a file. */
export default {
  usage: "backup FILE [OPTIONS]",
  options: READING_OPTIONS,

  async run(args, environment) {
    const file = onlyArgument(args, "backup", "file");
    const { data } = await readingOptions([], args, environment);
    refuseExisting(file, `${file} already exists. Choose another name, or move it away.`);
    using log = openLogToCopy(dataPaths(data.value).databasePath);
    const size = await copyLog(log, file);
    environment.stdout(`Backed up ${copyText(size)} to ${file}`);
    return 0;
  },
} satisfies CommandBody;

/** The size of a copy: `1,204 events of 3 rooms (1.2 MB)`. */
export function copyText({ events, rooms, bytes }: CopySize): string {
  return `${countText(events, "event")} of ${countText(rooms, "room")} (${sizeText(bytes)})`;
}
