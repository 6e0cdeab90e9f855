import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openIndex } from "../../../lib/store/sqlite/search/index_file.ts";
import { IndexSweep } from "../../../lib/store/sqlite/search/index_sweep.ts";
import { draftOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

Deno.test("IndexSweep removes events that the log no longer has, and returns the space", async () => {
  await using file = new SearchableLog();
  for (let batch = 0; batch < 12; batch++) {
    await file.append(...Array.from({ length: 1000 }, (_, number) => {
      return draftOf(
        batch % 2 === 0 ? "log" : "tea",
        `batch${batch} line number ${number} unique${batch}x${number}`,
      );
    }));
    if (batch === 9) file.index();
  }
  // This step is too small for a token table.
  file.index();
  // As retention does: it removes the beginning of a room.
  file.database.exec("DELETE FROM run WHERE room_id = 1 AND seq <= 4000");
  file.database.exec("DELETE FROM run WHERE id <= 3000");
  const found = file.find("unique9x999 or");
  using index = openIndex(file.indexPath);
  using log = new DatabaseSync(file.path, { readOnly: true });
  index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const before = Deno.statSync(file.indexPath).size;
  const sweep = new IndexSweep(log, index);
  while (sweep.step());
  const left = index.prepare("SELECT id, last FROM block").all();
  for (const { id, last } of left) {
    const run = log.prepare("SELECT 1 FROM run WHERE id BETWEEN ? AND ?").get(id, last);
    assert(run, `block ${id} to ${last} has no events`);
  }
  assertEquals(file.find("unique9x999 or"), found);
  assertEquals(file.find("batch0"), []);
  assertEquals(file.find("batch9").length, 1000);
  assertEquals(file.find("unique11x5"), [11_006]);

  file.database.exec("DELETE FROM run");
  while (sweep.step());
  index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  for (const table of ["block", "token_table", "bucket"]) {
    assertEquals(index.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count, 0, table);
  }
  const after = Deno.statSync(file.indexPath).size;
  assert(after < before / 2, `${after} bytes of ${before} are left`);
});
