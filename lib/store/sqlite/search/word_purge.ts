/**
 * Removes the words of redacted texts from the index file.
 *
 * FTS5 only marks them as deleted: they stay in their segment until it is merged, which for an old
 * one may be never. This merges all segments, a few pages at a time, and overwrites what it frees.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** Pages of the index merged in one step, roughly. */
const STEP_PAGES = 64;
/** The stages of a purge, as `progress.purge` has them. */
const DONE = 0;
const WANTED = 1;
const BEGUN = 2;

export class WordPurge {
  readonly #index: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(index: DatabaseSync) {
    this.#index = index;
    this.#statements = prepareStatements(index);
  }

  /** Notes that words were deleted. Call it in the transaction that deletes them. */
  want(): void {
    this.#statements.setStage.run(WANTED);
  }

  /** Merges some more. @returns Whether there is more to do. */
  step(): boolean {
    const { stage, setStage, merge, changes } = this.#statements;
    const reached = stage.get()!.purge as number;
    if (reached === DONE) return false;
    let isDone = false;
    this.#index.exec("PRAGMA secure_delete = ON");
    try {
      this.#index.exec("BEGIN IMMEDIATE");
      const before = changes.get()!.count as number;
      // A negative number begins a merge of everything.
      merge.run(reached === WANTED ? -STEP_PAGES : STEP_PAGES);
      // As the documentation of FTS5 says how to tell.
      isDone = reached === BEGUN && (changes.get()!.count as number) - before < 2;
      setStage.run(isDone ? DONE : BEGUN);
      this.#index.exec("COMMIT");
    } catch (error) {
      if (this.#index.isTransaction) this.#index.exec("ROLLBACK");
      throw error;
    } finally {
      this.#index.exec("PRAGMA secure_delete = OFF");
    }
    // The write-ahead file has the old pages. Somebody who is reading can prevent this.
    if (isDone) this.#index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return !isDone;
  }
}

function prepareStatements(index: DatabaseSync) {
  return {
    stage: index.prepare("SELECT purge FROM progress"),
    setStage: index.prepare("UPDATE progress SET purge = ?"),
    merge: index.prepare("INSERT INTO word (word, rank) VALUES ('merge', ?)"),
    changes: index.prepare("SELECT total_changes() AS count"),
  };
}
