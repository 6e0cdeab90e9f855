import { assertEquals } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { configureLog } from "../../lib/cli/log_output.ts";
import { log } from "../../lib/log.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** What is written, without the time. */
function setUp() {
  const clock = new FakeClock();
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line.replace(/^\S+ /, ""));
  configureLog({ format: "text", level: "debug", write, clock });
  const take = () => lines.splice(0);
  return { clock, take, [Symbol.dispose]: () => resetSync() };
}

Deno.test("A record that repeats is written ten times a minute, and then counted", async () => {
  using scene = setUp();
  const { clock, take } = scene;
  const fail = (count: number) => {
    for (let n = 1; n <= count; n++) log("store").warning("Cannot read: {n}", { n });
  };
  fail(47);
  assertEquals(take().length, 10);
  await clock.advance(30_000);
  fail(3);
  assertEquals(take(), []);
  await clock.advance(30_000);
  assertEquals(take(), [
    "warning store: 40 more like this within a minute: Cannot read: 11 repeats=40",
  ]);
  fail(1);
  assertEquals(take(), ["warning store: Cannot read: 1 n=1"]);
});

Deno.test("Records that say something else are written beside one that repeats", () => {
  using scene = setUp();
  for (let count = 0; count < 20; count++) log("store").error("Cannot write");
  log("store").warning("Cannot write");
  log("web").error("Cannot write");
  for (let n = 0; n < 20; n++) log("cli").warning("{message}", { message: `Fault ${n}` });
  assertEquals(scene.take().length, 10 + 1 + 1 + 20);
});

Deno.test("Failed log-ins are counted by address, and debug records not at all", () => {
  using scene = setUp();
  for (const address of ["192.0.2.7", "192.0.2.8"]) {
    for (let count = 0; count < 20; count++) log("login").warning("Failed", { address });
  }
  assertEquals(scene.take().length, 20);
  for (let count = 0; count < 20; count++) log("server").debug("Connected");
  assertEquals(scene.take().length, 20);
});
