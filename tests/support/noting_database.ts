/** A database connection that records its statements and commits. */

import { DatabaseSync, type StatementSync } from "node:sqlite";

export class NotingDatabase extends DatabaseSync {
  /** The SQL of all prepared statements. */
  readonly prepared: string[] = [];
  commits = 0;

  override prepare(sql: string): StatementSync {
    this.prepared.push(sql);
    return super.prepare(sql);
  }

  override exec(sql: string): void {
    super.exec(sql);
    if (sql === "COMMIT") this.commits++;
  }

  /** The steps of SQLite's query plan for a statement. */
  plan(sql: string): string[] {
    return super.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => String(detail));
  }
}
