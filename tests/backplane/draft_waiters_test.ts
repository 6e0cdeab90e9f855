import { assertEquals } from "@std/assert";
import { DraftWaiters } from "../../lib/backplane/draft_waiters.ts";

/** Waiters that note when they go on. */
function setUp() {
  const waiters = new DraftWaiters();
  const gone: string[] = [];
  const wait = (name: string, count: number, isPatient?: boolean) =>
    void waiters.wait(count, isPatient).then(() => gone.push(name));
  return { waiters, gone, wait };
}

Deno.test("DraftWaiters.release() lets go who waits for no more than is done, in order", async () => {
  const { waiters, gone, wait } = setUp();
  wait("a", 1);
  wait("b", 3);
  wait("c", 3);
  wait("d", 4);
  waiters.release(0);
  await Promise.resolve();
  assertEquals(gone, []);
  waiters.release(3);
  await Promise.resolve();
  assertEquals(gone, ["a", "b", "c"]);
  waiters.release(4);
  await Promise.resolve();
  assertEquals(gone, ["a", "b", "c", "d"]);
});

Deno.test("DraftWaiters.releaseImpatient() lets go nobody who waits for the cluster", async () => {
  const { waiters, gone, wait } = setUp();
  wait("patient", 1);
  wait("impatient", 1, false);
  wait("later", 2);
  waiters.releaseImpatient();
  await Promise.resolve();
  assertEquals(gone, ["impatient"]);
  waiters.release(2);
  await Promise.resolve();
  assertEquals(gone, ["impatient", "patient", "later"]);
});

Deno.test("DraftWaiters.wait() does not wait for drafts that are done with", async () => {
  const { waiters, gone, wait } = setUp();
  waiters.release(2);
  wait("done", 2);
  wait("under way", 3);
  await Promise.resolve();
  assertEquals([gone, waiters.through], [["done"], 2]);
});
