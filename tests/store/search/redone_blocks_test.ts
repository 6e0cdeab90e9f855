import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { redactionDraft } from "../../../lib/domain/redaction.ts";
import type { Draft } from "../../../lib/domain/room_event.ts";
import { SqliteSweep } from "../../../lib/store/sqlite/sweep.ts";
import { openIndex, openIndexToRead } from "../../../lib/store/sqlite/search/index_file.ts";
import { IndexWriter } from "../../../lib/store/sqlite/search/index_writer.ts";
import { WordPurge } from "../../../lib/store/sqlite/search/word_purge.ts";
import { verifyIndexFile } from "../../../lib/store/sqlite/verify/verify_index_file.ts";
import { verifyLog } from "../../../lib/store/sqlite/verify/verify_log.ts";
import { SeededRandom } from "../../support/random.ts";
import { draftOf } from "../../support/room_events.ts";
import { rounds, SEED } from "../../support/rounds.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

function redacting(of: number, room = "tea"): Draft {
  return redactionDraft({ room, from: "mia", of, why: "" });
}

/** What `verify` says, damage with an exclamation mark. */
function verify({ path, indexPath }: SearchableLog): string[] {
  using log = new DatabaseSync(path, { readOnly: true });
  return [...verifyLog(log), ...verifyIndexFile(log, indexPath)]
    .map(({ isDamage, text }) => isDamage ? `! ${text}` : text);
}

function damageIn(file: SearchableLog): string[] {
  return verify(file).filter((line) => line.startsWith("!"));
}

/** The words that the index has, of whatever block. */
function indexedWords({ indexPath }: SearchableLog): Set<unknown> {
  using index = openIndexToRead(indexPath)!;
  index.exec("CREATE VIRTUAL TABLE temp.known USING fts5vocab (main, word, row)");
  return new Set(index.prepare("SELECT term FROM temp.known").all().map(({ term }) => term));
}

/** How many blocks have to be indexed again. */
function staleBlocks(file: SearchableLog): number {
  using index = openIndexToRead(file.indexPath)!;
  return index.prepare("SELECT count(*) AS count FROM stale_block").get()!.count as number;
}

for (const bulkEvents of [1, 100_000]) {
  const where = bulkEvents === 1 ? "a token table" : "FTS";
  Deno.test(`RedoneBlocks forgets redacted words and numbers in ${where}`, async () => {
    await using file = new SearchableLog();
    const lines = Array.from({ length: 3000 }, (_, n) => draftOf("tea", `line ${n} id${n}x`));
    await file.append(...lines);
    await file.append(draftOf("tea", "password hunter2 tulip"));
    file.index({ bulkEvents });
    const before = verify(file).at(-1);
    assertEquals(file.find("tulip hunter2"), [3001]);
    await file.append(redacting(3001), redacting(12));
    assertEquals([file.find("tulip"), file.find("id11x")], [[], []]);
    assertEquals(damageIn(file), []);
    file.index({ bulkEvents: 100_000 });
    assertEquals([file.find("tulip"), file.find("hunter2"), file.find("id11x")], [[], [], []]);
    assertEquals(file.find("id12x"), [13]);
    assertEquals(file.find("redacted:mia").sort(), []);
    assertEquals(file.find("field.redacted:mia").sort(), [12, 3001]);
    const words = indexedWords(file);
    assertEquals([words.has("tulip"), words.has("hunter2"), words.has("id11x")], [
      false,
      false,
      false,
    ]);
    assertEquals(damageIn(file), []);
    assertEquals(staleBlocks(file), 0);
    assertEquals(
      verify(file).at(-1),
      before?.replace(/\d+ block/, (text) => `${parseInt(text) + 1} block`),
    );
  });
}

Deno.test("RedoneBlocks is not needed for texts that were indexed after their redaction", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"), draftOf("tea", "tulip"));
  await file.append(redacting(2));
  file.index({ steps: 1 });
  assertEquals(staleBlocks(file), 0);
  assertEquals([damageIn(file), file.find("tulip"), file.find("one")], [[], [], [1]]);
});

Deno.test("RedoneBlocks works in small steps, and continues after a kill at any of them", async () => {
  await using file = new SearchableLog();
  for (let block = 0; block < 40; block++) {
    await file.append(...Array.from({ length: 1024 }, (_, n) => draftOf("tea", `b${block} n${n}`)));
  }
  file.index({ bulkEvents: 1 });
  await file.append(...Array.from({ length: 40 }, (_, block) => redacting(block * 1024 + 8)));
  const left: number[] = [];
  for (let step = 0; step < 6; step++) {
    // Each with a writer of its own, as after a kill.
    file.index({ steps: 1 });
    left.push(staleBlocks(file));
    assertEquals(damageIn(file), []);
  }
  assertEquals(left, [40, 24, 8, 0, 0, 0]);
  assertEquals(file.find("n7").length, 0);
  assertEquals(file.find("n8").length, 40);
});

Deno.test("WordPurge leaves nothing of redacted words in the index file, in small steps", async () => {
  await using file = new SearchableLog();
  const random = new SeededRandom(SEED);
  const secrets: Record<number, string> = { 3: "zygomorphic", 40: "labyrinthine", 50: "symphonic" };
  for (let batch = 0; batch < 60; batch++) {
    const drafts = Array.from({ length: 1024 }, (_, n) => {
      const words = Array.from({ length: 5 }, () => random.int(2 ** 32).toString(36));
      return draftOf("tea", `${words.join(" ")} ${n === 500 ? secrets[batch] ?? "" : ""}`);
    });
    await file.append(...drafts);
    if (batch % 10 === 9) file.index({ bulkEvents: batch < 30 ? 1 : 100_000 });
  }
  using index = openIndex(file.indexPath);
  const purge = new WordPurge(index);
  // Without their first letters, which words before them may have, too.
  const found = () => {
    index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const bytes = new TextDecoder("latin1").decode(Deno.readFileSync(file.indexPath));
    return Object.values(secrets).filter((word) => bytes.includes(word.slice(4)));
  };
  assertEquals(purge.step(), false);
  assertEquals(found(), Object.values(secrets));
  await file.append(redacting(3 * 1024 + 501), redacting(40 * 1024 + 501));
  file.index();
  let steps = 0;
  let slowest = 0;
  for (let isMore = true; isMore; steps++) {
    const start = performance.now();
    isMore = purge.step();
    slowest = Math.max(slowest, performance.now() - start);
    // Others are indexed meanwhile.
    if (steps % 5 === 4) {
      await file.append(draftOf("tea", "latest"));
      file.index();
    }
  }
  assertEquals(found(), ["symphonic"]);
  assertGreater(steps, 5);
  assert(slowest < 1000, `a step took ${slowest} ms`);
  assertEquals(purge.step(), false);
  assertEquals(file.find("symphonic").length, 1);
  assertEquals(file.find("latest").length, Math.floor(steps / 5));
  assertEquals(damageIn(file), []);
});

Deno.test("RedoneBlocks leaves the index as it was if a step fails", async () => {
  await using file = new SearchableLog();
  await file.append(...Array.from({ length: 500 }, (_, n) => draftOf("tea", `word${n} tulip`)));
  file.index({ bulkEvents: 1 });
  await file.append(redacting(8));
  file.index({ steps: 1 });
  using log = new DatabaseSync(file.path, { readOnly: true });
  using index = openIndex(file.indexPath);
  index.exec(`CREATE TEMP TRIGGER full BEFORE UPDATE ON block
    BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
  const writer = new IndexWriter(log, index);
  assertThrows(() => writer.step(), Error, "full");
  assertEquals([staleBlocks(file), damageIn(file)], [1, []]);
  index.exec("DROP TRIGGER full");
  writer.step();
  assertEquals([staleBlocks(file), damageIn(file)], [0, []]);
});

Deno.test("RedoneBlocks redoes what retention has left of a block", async () => {
  await using file = new SearchableLog();
  for (let batch = 0; batch < 8; batch++) {
    const room = batch % 2 === 0 ? "log" : "tea";
    await file.append(...Array.from({ length: 200 }, (_, n) => draftOf(room, `b${batch} w${n}`)));
  }
  file.index({ bulkEvents: 1 });
  const sweep = new SqliteSweep(file.database);
  const goal = { now: file.now, before: -Infinity, bytes: 5000 };
  while (await sweep.sweep(1, goal));
  while (await sweep.sweep(2, goal));
  await file.append(redacting(1), redacting(800), redacting(1, "log"), redacting(790, "log"));
  file.index({ bulkEvents: 1 });
  assertEquals(damageIn(file), []);
  assertEquals(file.find("b7 w199"), []);
  assertEquals(file.find("b7 w198").length, 1);
});

Deno.test("verify finds a text that was redacted, and words that were not indexed again", async () => {
  await using file = new SearchableLog();
  await file.append(draftOf("tea", "one"), draftOf("tea", "tulip"));
  file.index();
  await file.append(redacting(2));
  file.index({ steps: 1 });
  using index = openIndex(file.indexPath);
  index.exec("DELETE FROM stale_block");
  assertEquals(damageIn(file), ["! search index: some words of events 1 to 1 cannot be found"]);
  file.database.exec(`UPDATE run SET bodies = '["one","tulip"]', fields = NULL WHERE id = 1`);
  assertEquals(damageIn(file), ["! tea#2 still has the text that #3 redacted"]);
});

Deno.test("A search finds the right events when one in ten has been redacted", async () => {
  const count = rounds(30_000, 1_000_000);
  const random = new SeededRandom(SEED);
  await using file = new SearchableLog();
  const rooms = ["tea", "log"];
  const ends: Record<string, number> = { tea: 0, log: 0 };
  const redacted: Record<string, Set<number>> = { tea: new Set(), log: new Set() };
  let slowest = 0;
  const index = (steps: number) => {
    using log = new DatabaseSync(file.path, { readOnly: true });
    using target = openIndex(file.indexPath);
    const writer = new IndexWriter(log, target);
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      const { events, isFull } = writer.step();
      slowest = Math.max(slowest, performance.now() - start);
      if (events === 0 && !isFull) break;
    }
  };
  let stored = 0;
  while (stored < count) {
    const room = random.pick(rooms);
    const drafts = Array.from({ length: 1 + random.int(2000) }, (_, index): Draft => {
      const seq = ends[room] + index + 1;
      const of = 1 + random.int(seq + 5);
      if (seq > 1 && random.int(10) === 0) {
        if (of < seq) redacted[room].add(of);
        return redacting(of, room);
      }
      return draftOf(room, `${room} w${seq % 7} id${seq}q`, {
        kind: room === "log" ? "log" : "message",
        from: room === "log" ? "web1" : "ann",
      });
    });
    await file.append(...drafts);
    ends[room] += drafts.length;
    stored += drafts.length;
    if (random.int(3) === 0) index(1 + random.int(3));
  }
  index(Infinity);
  assertEquals(damageIn(file), []);
  const lost = rooms.reduce((sum, room) => sum + redacted[room].size, 0);
  assertGreater(lost, stored / 12);
  for (let round = 0; round < rounds(200, 2000); round++) {
    const room = random.pick(rooms);
    const seq = random.pick([
      1 + random.int(ends[room]),
      random.pick([...redacted[room]].slice(-50)),
    ]);
    const row = file.reader.range(file.reader.room(room)!.id, seq, seq)[0];
    const isGone = redacted[room].has(seq) || row.kind === "redaction";
    assertEquals(file.find(`id${seq}q in:${room}`).length, isGone ? 0 : 1, `${room}#${seq}`);
  }
  const found = rooms.map((room) => file.find(`w3 in:${room}`).length);
  assertEquals(found, rooms.map((room) => countOf(file, room)));
  assert(slowest < 5000, `${stored} events, ${lost} redacted: a step took ${slowest} ms`);
});

/** How many events of a room have the word `w3`, by reading all of them. */
function countOf(file: SearchableLog, name: string): number {
  const room = file.reader.room(name)!;
  let count = 0;
  for (let seq = 0;;) {
    const events = file.reader.eventsAfter(room.id, seq, 256).filter((event) => event.seq > seq);
    if (events.length === 0) return count;
    count += events.filter(({ body }) => body.includes(" w3 ")).length;
    seq = events[events.length - 1].seq;
  }
}
