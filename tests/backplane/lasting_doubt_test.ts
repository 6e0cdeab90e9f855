import { assert } from "@std/assert";
import { LastingDoubt } from "../../lib/backplane/lasting_doubt.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Has the same doubt each second; returns whether it was certain in the end. */
function lasts(clock: FakeClock, doubt: LastingDoubt, seconds: number): boolean {
  let isCertain = false;
  for (let second = 0; second < seconds; second++) {
    clock.tick(1000);
    isCertain = doubt.isCertain("it is gone");
  }
  return isCertain;
}

Deno.test("LastingDoubt is certain of a doubt that has lasted for twenty seconds", () => {
  const clock = new FakeClock();
  const doubt = new LastingDoubt(clock);
  assert(!lasts(clock, doubt, 20));
  assert(lasts(clock, doubt, 1));
});

Deno.test("LastingDoubt starts over after another finding", () => {
  const clock = new FakeClock();
  const doubt = new LastingDoubt(clock);
  lasts(clock, doubt, 19);
  doubt.clear();
  assert(!lasts(clock, doubt, 19));
  doubt.isCertain("it is too short");
  assert(!lasts(clock, doubt, 19));
});

Deno.test("LastingDoubt starts over after a pause in which nobody checked", () => {
  const clock = new FakeClock();
  const doubt = new LastingDoubt(clock);
  lasts(clock, doubt, 2);
  clock.tick(30_000);
  assert(!lasts(clock, doubt, 2));
});
