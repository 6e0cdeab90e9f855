import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { TrialLog } from "../support/trial_log.ts";
import { testMessageLog } from "./message_log_contract.ts";
import { testRedaction } from "./redaction_contract.ts";
import { testSweepableLog } from "./sweepable_log_contract.ts";

testMessageLog("MemoryMessageLog", (clock) => {
  const state = new MemoryStateStore(clock);
  const log = new TrialLog(clock, (setting) => state.set(setting));
  return { log, state, [Symbol.asyncDispose]: () => log.close() };
});

testRedaction("MemoryMessageLog", (clock) => {
  const log = new TrialLog(clock);
  return { log, [Symbol.asyncDispose]: () => log.close() };
});

testSweepableLog("MemoryMessageLog", (clock) => {
  const log = new TrialLog(clock);
  return { log, sweep: log, [Symbol.asyncDispose]: () => log.close() };
});
