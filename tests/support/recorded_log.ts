/** The program's own diagnostics while a test runs. */

import { resetSync } from "@logtape/logtape";
import { configureLog, type LogLevel } from "../../lib/cli/log_output.ts";
import { FakeClock } from "./fake_clock.ts";

/** Records diagnostics until it is disposed of; otherwise those of later tests would count, too. */
export class RecordedLog implements Disposable {
  readonly lines: string[] = [];

  /** @param level The lowest that is recorded. */
  constructor(level: LogLevel) {
    // With the clock of the system, the eleventh line of a kind would start a timer.
    const clock = new FakeClock();
    configureLog({ format: "text", level, clock, write: (line) => this.lines.push(line) });
  }

  [Symbol.dispose](): void {
    resetSync();
  }
}
