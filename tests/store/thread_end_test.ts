/** A thread of the store that ends by itself is a failure of the program, which then stops. */

import { assertEquals, assertMatch } from "@std/assert";
import { Checkpointer } from "../../lib/store/sqlite/checkpointer.ts";
import { Indexer } from "../../lib/store/sqlite/search/indexer.ts";
import type { IndexReport } from "../../lib/store/sqlite/search/serve_index.ts";
import type { CheckpointAnswer } from "../../lib/store/sqlite/serve_checkpoints.ts";
import type { ThreadEnd } from "../../lib/store/sqlite/thread_ends.ts";
import { SqliteFile } from "../support/sqlite_file.ts";

/** A thread that does nothing, and can end. */
class DeadThread<Answer> implements ThreadEnd<unknown, Answer> {
  onmessage: ThreadEnd<unknown, Answer>["onmessage"] = null;
  onerror: ThreadEnd<unknown, Answer>["onerror"] = null;

  postMessage(): void {}

  terminate(): void {}

  end(): void {
    this.onerror?.(new ErrorEvent("error", { message: "out of memory" }));
  }
}

/** Takes what is reported to the program while `work` is done. */
function reportedBy(work: () => void): unknown[] {
  const errors: unknown[] = [];
  const take = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error);
  };
  addEventListener("error", take);
  work();
  removeEventListener("error", take);
  return errors;
}

Deno.test("Checkpointer and Indexer report that their thread has ended, and can be closed", async () => {
  await using file = new SqliteFile();
  const { database } = file.open();
  const checkpoints = new DeadThread<CheckpointAnswer>();
  const index = new DeadThread<IndexReport>();
  const checkpointer = new Checkpointer(database, file.path, () => checkpoints);
  const paths = { log: file.path, index: `${file.directory}/search.db` };
  const indexer = new Indexer(paths, { start: () => index });
  const shrunk = checkpointer.giveBack();
  const errors = reportedBy(() => [checkpoints, index].forEach((thread) => thread.end()));
  assertEquals(errors.length, 2);
  for (const error of errors) assertMatch(String(error), /has ended: out of memory$/);
  await shrunk;
  // Whoever asks later need not wait either: nobody would answer.
  checkpointer.wrote(1);
  await checkpointer.giveBack();
  indexer.wrote(1);
  assertEquals(indexer.backpressure(), undefined);
  await Promise.all([checkpointer.close(), indexer.close()]);
});
