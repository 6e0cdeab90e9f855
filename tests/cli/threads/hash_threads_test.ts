import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { HashThreads } from "../../../lib/cli/threads/hash_threads.ts";
import { hashPassword, verifyPassword } from "../../../lib/domain/access/login/password_hash.ts";

/** Cheap ones: what is tested is where the work is done. */
const COSTS = { ln: 8, r: 8, p: 1 };

/** Opens something that at most `free` can have at once, and counts how often. */
class Descriptors {
  opened = 0;

  constructor(public free: number) {}

  readonly open = (): Disposable => {
    if (this.free === 0) throw new Error("EMFILE");
    this.free--;
    this.opened++;
    return { [Symbol.dispose]: () => void this.free++ };
  };
}

/** How much each thread of this process yields to others: 0 if not at all. */
async function niceness(): Promise<number[]> {
  const command = new Deno.Command("sh", {
    args: ["-c", `cat /proc/${Deno.pid}/task/*/stat | sed 's/.*) //' | cut -d' ' -f17`],
  });
  const { stdout } = await command.output();
  return new TextDecoder().decode(stdout).trim().split("\n").map(Number);
}

function yielding(threads: readonly number[]): number {
  return threads.filter((nice) => nice > 0).length;
}

Deno.test("HashThreads derives the keys that node:crypto derives, several at once", async () => {
  using threads = new HashThreads(new Descriptors(1000).open);
  const hashes = await Promise.all(
    ["one", "two", "tea at five"].map((password) => hashPassword(password, COSTS, threads.derive)),
  );
  assertEquals(new Set(hashes).size, 3);
  for (const [index, password] of ["one", "two", "tea at five"].entries()) {
    assert(await verifyPassword(password, hashes[index]));
    assert(await verifyPassword(password, hashes[index], threads.derive));
    assert(!await verifyPassword(`${password}!`, hashes[index], threads.derive));
  }
});

Deno.test("HashThreads hashes without a thread where descriptors are few", async () => {
  const few = new Descriptors(10);
  using threads = new HashThreads(few.open);
  const before = await niceness();
  const hash = await hashPassword("tea at five", COSTS, threads.derive);
  assert(await verifyPassword("tea at five", hash));
  assertEquals(few.free, 10);
  // Those of the test before may have ended meanwhile.
  assert(yielding(await niceness()) <= yielding(before));
});

Deno.test("HashThreads go on after a hash that cannot be computed", async () => {
  using threads = new HashThreads(new Descriptors(1000).open);
  const salt = new Uint8Array(16);
  const failure = await threads.derive("x", salt, { ln: 29, r: 32, p: 1 }, 32).catch((error) =>
    error.message
  );
  assertNotEquals(failure, undefined);
  assert(`${failure}`.startsWith("Cannot hash a password: "), `${failure}`);
  assertEquals((await threads.derive("x", salt, COSTS, 32)).length, 32);
});

Deno.test({
  name: "HashThreads yield to all other threads when told to hash patiently",
  ignore: Deno.build.os !== "linux" ||
    (await Deno.permissions.query({ name: "sys", kind: "setPriority" })).state !== "granted",
  async fn() {
    using threads = new HashThreads(new Descriptors(1000).open);
    const before = yielding(await niceness());
    await threads.derive("x", new Uint8Array(16), COSTS, 32);
    // Threads of earlier tests may have ended meanwhile.
    assert(yielding(await niceness()) <= before);
    await threads.derivePatiently("x", new Uint8Array(16), COSTS, 32);
    assert((await niceness()).includes(10));
  },
});
