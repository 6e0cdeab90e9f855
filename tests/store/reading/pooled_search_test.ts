import { systemClock } from "../../../lib/clock.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import type { SearchOptions } from "../../../lib/domain/search/search.ts";
import { WHOLE_LOG } from "../../../lib/domain/search/search_scope.ts";
import {
  PooledSearch,
  type PooledSearchOptions,
} from "../../../lib/store/sqlite/reading/pooled_search.ts";
import { ReaderPool } from "../../../lib/store/sqlite/reading/reader_pool.ts";
import { startReader } from "../../support/reader_pool.ts";
import { draftOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

async function searchOf(options: Omit<PooledSearchOptions, "pool"> = {}) {
  const file = new SearchableLog();
  for (let number = 1; number <= 50; number++) {
    await file.append(draftOf(number % 2 === 0 ? "Tea" : "milk", `line number ${number}`));
  }
  const { clock } = options;
  const paths = { log: file.path, index: file.indexPath };
  const pool = new ReaderPool({ paths, start: startReader, clock });
  const service = new PooledSearch({ ...options, pool });
  const search = async (query: string, rest: Partial<SearchOptions> = {}) => {
    const { hits } = await service.search({
      query,
      limit: 20,
      context: 0,
      scope: WHOLE_LOG,
      ...rest,
    });
    return hits.map(({ event }) => event.id);
  };
  const dispose = async () => {
    await pool.close();
    await file[Symbol.asyncDispose]();
  };
  return { file, service, search, [Symbol.asyncDispose]: dispose };
}

Deno.test("PooledSearch.search() finds events in another thread, indexed or not", async () => {
  await using all = await searchOf();
  const { file, search } = all;
  assertEquals(await search("number 17"), [17]);
  file.index();
  await file.append(draftOf("tea", "line number 51"));
  assertEquals(await search("line", { limit: 3 }), [51, 50, 49]);
  assertEquals(await search("line", { limit: 2, before: 49 }), [48, 47]);
  assertEquals(await search("line", { limit: 2, room: "#TEA" }), [51, 50]);
  assertEquals(await search("line in:milk", { room: "tea" }), []);
});

Deno.test("PooledSearch.search() finds conversations for the two alone, by the other's name", async () => {
  await using all = await searchOf();
  const { file, search, service } = all;
  for (const room of ["@ann+bob", "@ann+carl", "@bob+carl", "tea"]) {
    await file.append(draftOf(room, "a secret"));
  }
  const as = (account: string | undefined, query: string, rest: Partial<SearchOptions> = {}) =>
    search(query, { scope: { account, hidden: [] }, ...rest });
  for (const isIndexed of [false, true]) {
    if (isIndexed) file.index();
    assertEquals(await as("ann", "secret"), [54, 52, 51]);
    assertEquals(await as("ann", "secret in:@bob"), [51]);
    assertEquals(await as("bob", "secret in:@ANN,@carl"), [53, 51]);
    assertEquals(await as("ann", "secret -in:@bob"), [54, 52]);
    assertEquals(await as("ann", "secret in:@*"), [52, 51]);
    assertEquals(await as("ann", "in:@ann+bob"), [51]);
    assertEquals(await as("ann", "secret", { room: "@ann+carl" }), [52]);
    for (const stranger of [undefined, "zoe", "an", "ann+bob", ""]) {
      for (const query of ["secret", "secret in:@bob,@ann,tea", "secret -in:@bob"]) {
        assertEquals(await as(stranger, query), [54], `${stranger}: ${query}`);
      }
      for (const query of ["in:@*", "in:@ann+bob", "in:@ann*,@bob", "from:ann in:@carl"]) {
        const found = as(stranger, query);
        assertEquals(await found.catch(({ code }) => code === "bad-query" ? [] : code), [], query);
      }
      assertEquals(await as(stranger, "secret", { room: "@ann+bob" }), []);
    }
  }
  await assertRejects(() => as("ann", "in:@b*"), DomainError, "in:@NAME");
  const { hits } = await service.search({
    query: "secret",
    limit: 9,
    context: 3,
    scope: { account: "zoe", hidden: [] },
  });
  assertEquals(hits.flatMap(({ before, after }) => [...before, ...after]).map(({ room }) => room), [
    "Tea",
    "Tea",
    "Tea",
  ]);
});

Deno.test("PooledSearch.search() uses an index that was rebuilt", async () => {
  await using all = await searchOf();
  const { file, search } = all;
  file.index();
  assertEquals(await search("number 17"), [17]);
  for (const suffix of ["", "-wal", "-shm"]) {
    await Deno.remove(file.indexPath + suffix).catch(() => {});
  }
  file.index();
  assertEquals(await search("number 17"), [17]);
});

Deno.test("PooledSearch.search() rejects a bad query", async () => {
  await using all = await searchOf();
  const error = await assertRejects(() => all.search("kind:x"), DomainError);
  assertEquals(error.code, "bad-query");
});

Deno.test("PooledSearch.search() queues many searches, and refuses more than it could answer soon", async () => {
  await using all = await searchOf();
  const results = await Promise.allSettled(
    Array.from({ length: 60 }, () => all.search("number 17")),
  );
  const refused = results.filter((result) => result.status === "rejected");
  const answered = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  assert(answered.length >= 30 && refused.length > 0, `${answered.length} were answered`);
  assert(answered.every(([id]) => id === 17));
  for (const { reason } of refused) {
    assert(reason instanceof DomainError && reason.code === "unavailable", `${reason}`);
  }
  assertEquals(await all.search("number 17"), [17]);
});

Deno.test("PooledSearch.search() stops a slow search with a note", async () => {
  await using all = await searchOf({ timeLimitMs: -1 });
  const { hits, note, next } = await all.service.search({
    query: "line",
    limit: 20,
    context: 0,
    scope: WHOLE_LOG,
  });
  assertEquals(hits, []);
  assertEquals(note?.startsWith("Stopped after"), true, note);
  assertEquals(typeof next, "number");
});

Deno.test("PooledSearch.search() ends a thread that overruns its limit", async () => {
  // For the first search, time is up as soon as it begins.
  let searches = 0;
  const clock = {
    ...systemClock,
    after: (ms: number, work: () => void) => systemClock.after(++searches === 1 ? 0 : ms, work),
  };
  await using all = await searchOf({ clock, timeLimitMs: 60_000 });
  for (let number = 0; number < 20; number++) {
    await all.file.append(...Array.from({ length: 5000 }, () => draftOf("log", "x".repeat(100))));
  }
  await assertRejects(() => all.search("needle"), DomainError, "took too long");
  assertEquals(await all.search("number 17"), [17]);
});

Deno.test("PooledSearch reports a damaged index, and searches without it", async () => {
  let damages = 0;
  await using all = await searchOf({ onDamage: () => damages++ });
  all.file.index();
  // A reader that still has the index open keeps the last pages in the write-ahead log.
  const index = new DatabaseSync(all.file.indexPath);
  index.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  index.close();
  const { size } = Deno.statSync(all.file.indexPath);
  using bytes = Deno.openSync(all.file.indexPath, { write: true });
  bytes.seekSync(4096 * 2, Deno.SeekMode.Start);
  bytes.writeSync(new Uint8Array(size - 4096 * 2).fill(0xa5));
  assertEquals(await all.search("number 17"), [17]);
  assertEquals(damages, 1);
});

Deno.test("PooledSearch.search() rejects when the pool is closed", async () => {
  const all = await searchOf();
  const searching = [1, 2, 3].map(() => assertRejects(() => all.search("line"), DomainError));
  await all[Symbol.asyncDispose]();
  await Promise.all(searching);
  await assertRejects(() => all.search("line"), DomainError);
});

Deno.test("PooledSearch.search() explains that the log cannot be read", async () => {
  const paths = { log: "/nonexistent/partyline.db", index: "/nonexistent/search.db" };
  const pool = new ReaderPool({ paths, start: startReader });
  try {
    await assertRejects(
      () =>
        new PooledSearch({ pool }).search({ query: "x", limit: 1, context: 0, scope: WHOLE_LOG }),
      DomainError,
      "The log cannot be read right now",
    );
  } finally {
    await pool.close();
  }
});
