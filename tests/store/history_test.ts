import { PooledHistory } from "../../lib/store/sqlite/reading/pooled_history.ts";
import { SqliteSweep } from "../../lib/store/sqlite/sweep.ts";
import { EVENT_FORMS } from "../../lib/web/api/event_forms.ts";
import { openReaderPool } from "../support/reader_pool.ts";
import { SearchableLog } from "../support/searchable_log.ts";
import { TrialLog } from "../support/trial_log.ts";
import { type SettableClock, testHistory } from "./history_contract.ts";

testHistory("MemoryMessageLog", (clock) => {
  const log = new TrialLog(clock);
  log.forms = EVENT_FORMS;
  return {
    history: log,
    sweep: log,
    append: (drafts) => log.append(drafts),
    limitsBytes: false,
    [Symbol.asyncDispose]: () => log.close(),
  };
});

function openFile(clock: SettableClock) {
  const file = new SearchableLog();
  return {
    file,
    sweep: new SqliteSweep(file.database),
    limitsBytes: true,
    append: (drafts: Parameters<typeof file.append>) => {
      file.now = clock.time;
      return file.append(...drafts);
    },
  };
}

testHistory("HistoryQueries", (clock) => {
  const { file, ...rest } = openFile(clock);
  return {
    ...rest,
    history: file.log,
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
});

testHistory("PooledHistory", (clock) => {
  const { file, ...rest } = openFile(clock);
  const pool = openReaderPool(file);
  return {
    ...rest,
    history: new PooledHistory(pool),
    async [Symbol.asyncDispose]() {
      await pool.close();
      await file[Symbol.asyncDispose]();
    },
  };
});
