import { assertEquals } from "@std/assert";
import { Rejection } from "../../../lib/service/logger/rejection.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("Rejection counts lines for a second before it disconnects", () => {
  const clock = new FakeClock();
  let ended = 0;
  const rejection = new Rejection(clock, () => void ended++);
  rejection.add(["one", "größe"]);
  clock.tick(999);
  assertEquals(ended, 0);
  clock.tick(1);
  assertEquals(ended, 1);
  assertEquals(rejection.end(), { lines: 2, bytes: 4 + 8 });
});

Deno.test("Rejection.end() disconnects nobody later, and tells of no loss without lines", () => {
  const clock = new FakeClock();
  let ended = 0;
  const rejection = new Rejection(clock, () => void ended++);
  assertEquals(rejection.end(), undefined);
  clock.tick(5000);
  assertEquals(ended, 0);
});
