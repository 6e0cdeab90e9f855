import { SqliteSweep } from "../../lib/store/sqlite/sweep.ts";
import { SqliteFile } from "../support/sqlite_file.ts";
import { TrialLog } from "../support/trial_log.ts";
import { testActs } from "./acts_contract.ts";

testActs("MemoryMessageLog", (clock) => {
  const log = new TrialLog(clock);
  return { log, sweep: log, [Symbol.asyncDispose]: () => log.close() };
});

testActs("SqliteMessageLog", (clock) => {
  const file = new SqliteFile();
  const { log, database } = file.open({ clock });
  const sweep = new SqliteSweep(database);
  return { log, sweep, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
});
