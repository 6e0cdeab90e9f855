/**
 * Former names of rooms on the command line: they still lead to the messages of that time, and who
 * uses one is told what the room is called now.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { RuleBook } from "../../domain/access/rules/rule_book.ts";
import { nowCalled } from "../../service/chat/rooms/room_lists.ts";
import { LogReader } from "../../store/sqlite/log_reader.ts";
import { SqliteStateStore } from "../../store/sqlite/state_store.ts";
import type { CommandEnvironment } from "../command.ts";

/**
 * Says on standard error what rooms are called now that are named by a former name.
 *
 * @param log As `openLogToRead` gives it.
 * @param names In any case.
 * @param options.hasHistory Whether it matters where the earlier messages are. Default: true.
 */
export async function tellFormerNames(
  log: DatabaseSync,
  names: readonly string[],
  { stderr }: Pick<CommandEnvironment, "stderr">,
  { hasHistory = true }: { readonly hasHistory?: boolean } = {},
): Promise<void> {
  if (names.length === 0) return;
  const rules = new RuleBook(() => {});
  try {
    await rules.load(new SqliteStateStore(log));
  } catch {
    // Commands that read the log must work even if the rules are damaged.
    return;
  }
  const reader = new LogReader(log);
  for (const asked of names) {
    const name = reader.room(asked)?.name ?? asked;
    const current = rules.currentName(name);
    if (current === name) continue;
    const where = hasHistory ? ` Earlier messages are in #${name}.` : "";
    stderr(nowCalled(name, current) + where);
  }
}
