/**
 * A new door must not be able to read the log, or to write into rooms, without saying on whose
 * behalf. Most of that is the compiler's: `ChatContext` has no log, and `RoomRegistry` wants an
 * asker. What is left is who is handed the log itself.
 */

import { assertEquals } from "@std/assert";
import { sources } from "../../support/sources.ts";

const LIB = new URL("../../../lib/", import.meta.url);
/** Contracts and classes that read the past without asking anybody. */
const UNASKED =
  /\b(RoomHistory|SearchService|LogReader|SearchFiles|ReaderPool|LogWatch)\b|\.postUnasked\(/;

/**
 * The files that may use them. The logger compares what its own senders send again with what it has
 * stored of them; alerts pass over what must not be told.
 */
const KNOWN = [
  "alert/alert_watch.ts",
  "service/logger/log_connection.ts",
  "service/logger/logger.ts",
  "service/logger/returning_sender.ts",
  "service/logger/stored_lines.ts",
  "service/mod.ts",
];

/** The code of a file without its comments. */
function codeOf(file: URL): string {
  return Deno.readTextFileSync(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

Deno.test("No door reads the log without asking, except those that are known to", () => {
  const found = ["alert", "cli/exec", "server", "service", "web"]
    .flatMap((folder) => [...sources(new URL(`${folder}/`, LIB))])
    .filter((file) => UNASKED.test(codeOf(file)))
    .map((file) => file.pathname.slice(LIB.pathname.length));
  assertEquals(found.sort(), KNOWN);
});
