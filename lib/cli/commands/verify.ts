/**
 * `partyline verify`: checks everything for damage.
 *
 * @module
 */

import { terminalText } from "../../codec/terminal_text.ts";
import { openLogToRead } from "../../store/sqlite/open_log.ts";
import type { Finding } from "../../store/sqlite/verify/finding.ts";
import { verifyIndexFile, verifyLogEnd } from "../../store/sqlite/verify/verify_index_file.ts";
import { verifyLog } from "../../store/sqlite/verify/verify_log.ts";
import type { CommandBody, CommandEnvironment } from "../command.ts";
import { refuseSurplus } from "../options/flags.ts";
import { dataPaths, READING_OPTIONS, readingOptions } from "../reading/reading.ts";

/** Checks the log and the search index for damage. */
export default {
  usage: "verify [FILE] [OPTIONS]",
  options: READING_OPTIONS,

  async run(args, environment) {
    refuseSurplus(args, 1, "verify takes one file, a backup");
    const { data } = await readingOptions([], args, environment);
    const [file] = args.positionals;
    const paths = file === undefined ? dataPaths(data.value) : undefined;
    using log = openLogToRead(paths?.databasePath ?? file);
    const isWhole = !paths || report(verifyLogEnd(log, paths.indexPath), environment);
    const isLogGood = report(verifyLog(log), environment) && isWhole;
    const isIndexGood = !paths || report(verifyIndexFile(log, paths.indexPath), environment);
    if (!isLogGood) {
      environment.stdout("The log is damaged. Keep a copy of it, and restore the last backup.");
    } else if (!isIndexGood) {
      environment.stdout(
        `The search index is damaged. Stop the server and delete ${paths!.indexPath}*: the next ` +
          "start rebuilds it from the log, which is intact.",
      );
    } else {
      environment.stdout("No damage was found");
    }
    return isLogGood && isIndexGood ? 0 : 1;
  },
} satisfies CommandBody;

/** Prints findings as they come, and returns whether there is no damage. */
function report(findings: Iterable<Finding>, environment: CommandEnvironment): boolean {
  let isGood = true;
  try {
    for (const { isDamage, text } of findings) {
      isGood &&= !isDamage;
      environment.stdout(`${isDamage ? "! " : ""}${terminalText(text)}`);
    }
  } catch (error) {
    // A badly damaged file cannot even be read to the end.
    environment.stdout(`! ${terminalText((error as Error).message)}`);
    isGood = false;
  }
  return isGood;
}
