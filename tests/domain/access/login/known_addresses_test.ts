import { assertEquals, assertThrows } from "@std/assert";
import {
  KNOWN_ADDRESS_STATE,
  KnownAddresses,
} from "../../../../lib/domain/access/login/known_addresses.ts";
import { LoginDelays } from "../../../../lib/domain/access/login/login_delays.ts";
import { LoginTally } from "../../../../lib/domain/access/login/login_tally.ts";
import { SlowDownError } from "../../../../lib/domain/domain_error.ts";
import { MemoryStateStore } from "../../../../lib/store/memory/state_store.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const OWNER = "198.51.100.7";
const { service } = KNOWN_ADDRESS_STATE;

function fail(delays: LoginDelays, account: string, address: string): void {
  using _attempt = delays.begin(account, address);
}

Deno.test("LoginDelays still knows the owner's address after a restart", async () => {
  const state = new MemoryStateStore();
  const clock = new FakeClock();
  const open = async () => {
    const known = await KnownAddresses.open(100, state);
    return { known, delays: new LoginDelays({ clock, known }) };
  };
  const before = await open();
  {
    using attempt = before.delays.begin("ann", OWNER);
    attempt.succeed();
  }
  await before.known.settled();

  const { delays } = await open();
  // Strangers have to wait after one failure then.
  for (let index = 0; index < 20; index++) fail(delays, "ann", `10.0.0.${index}`);
  for (let mistake = 0; mistake < 4; mistake++) fail(delays, "ann", OWNER);
  using attempt = delays.begin("ann", OWNER);
  assertEquals(attempt.isKnown, true);
});

Deno.test("KnownAddresses stores the latest eight of an account, however many come at once", async () => {
  const state = new MemoryStateStore();
  const known = await KnownAddresses.open(100, state);
  for (let index = 0; index < 20; index++) known.add("ann", `10.0.0.${index}`);
  known.add("ann", "10.0.0.15");
  await known.settled();
  const latest = [12, 13, 14, 16, 17, 18, 19, 15].map((index) => `10.0.0.${index}`);
  assertEquals(await state.all(service), new Map([["ann", latest.join(" ")]]));
  assertEquals((await KnownAddresses.open(100, state)).has("ann", "10.0.0.12"), true);
  assertEquals(known.has("ann", "10.0.0.11"), false);
});

Deno.test("KnownAddresses forgets an account on disk, too, and what was just being stored", async () => {
  const state = new MemoryStateStore();
  const known = await KnownAddresses.open(100, state);
  known.add("ann", OWNER);
  known.forget("ann");
  await known.settled();
  assertEquals(known.has("ann", OWNER), false);
  assertEquals((await state.all(service)).size, 0);
});

Deno.test("KnownAddresses remembers a bounded number of accounts", async () => {
  const known = await KnownAddresses.open(10, new MemoryStateStore());
  for (let index = 0; index < 50; index++) known.add(`name${index}`, OWNER);
  assertEquals([known.has("name40", OWNER), known.has("name39", OWNER)], [true, false]);
  await known.settled();
});

Deno.test("LoginTally counts wrong and delayed attempts by what was tried", () => {
  const tally = new LoginTally();
  const delays = new LoginDelays({ clock: new FakeClock(), tally });
  for (let failure = 0; failure < 6; failure++) fail(delays, "ann", OWNER);
  assertThrows(() => fail(delays, "ann", OWNER), SlowDownError);
  for (const account of ["", "any token"]) fail(delays, account, "10.0.0.1");
  using right = delays.begin("bob", "10.0.0.9");
  right.succeed();
  assertEquals(tally.counts, {
    account: { wrong: 6, delayed: 1 },
    server: { wrong: 1, delayed: 0 },
    token: { wrong: 1, delayed: 0 },
  });
});
