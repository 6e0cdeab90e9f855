import { assertEquals } from "@std/assert";
import { AddressList } from "../../../lib/domain/access/rules/address_range.ts";
import { Doorkeeper } from "../../../lib/server/accepting/doorkeeper.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { RecordedLog } from "../../support/recorded_log.ts";

function setUp() {
  const recorded = new RecordedLog("info");
  const clock = new FakeClock();
  const allowed = AddressList.parse("10.0.0.0/8,::1");
  const keeper = new Doorkeeper({ allowed, endpoint: "tcp://[::]:2324", clock });
  /** The lines of the log since the last call, without their times. */
  const logged = () =>
    recorded.lines.splice(0).map((line) => line.replace(/^\S+ info server: /, ""));
  return { clock, keeper, logged, [Symbol.dispose]: () => recorded[Symbol.dispose]() };
}

Deno.test("Doorkeeper admits the addresses that are allowed", () => {
  using scene = setUp();
  const { keeper, logged } = scene;
  const asked = ["10.1.1.1", "::ffff:10.1.1.1", "::1", "11.1.1.1", "::2"];
  assertEquals(asked.map((address) => keeper.admits(address)), [true, true, true, false, false]);
  logged();
  keeper.close();
});

Deno.test("Doorkeeper.refusal() names the address, and what to do", () => {
  using scene = setUp();
  const { keeper } = scene;
  assertEquals(
    new TextDecoder().decode(keeper.refusal("192.0.2.7")),
    "! This server is not open to your address, 192.0.2.7. If it should be, tell the person who " +
      "runs it.\r\n",
  );
});

Deno.test("Doorkeeper logs the first refusal, and then a count every ten minutes at most", () => {
  using scene = setUp();
  const { clock, keeper, logged } = scene;
  const only = "at tcp://[::]:2324, which is open to 10.0.0.0/8, ::1 only";
  for (let count = 0; count < 1000; count++) keeper.admits("192.0.2.7");
  assertEquals(logged(), [`Refused 192.0.2.7 ${only}`]);
  clock.tick(10 * 60_000 - 1);
  keeper.admits("192.0.2.8");
  assertEquals(logged(), []);
  clock.tick(1);
  keeper.admits("192.0.2.9");
  assertEquals(logged(), [`Refused 1001 times ${only}, the latest 192.0.2.9`]);
  keeper.admits("192.0.2.10");
  keeper.admits("10.1.1.1");
  keeper.close();
  keeper.close();
  assertEquals(logged(), [`Refused 192.0.2.10 ${only}`]);
});

Deno.test("Doorkeeper logs refusals with the addresses that were allowed at the time", () => {
  using scene = setUp();
  const { keeper, logged } = scene;
  keeper.admits("192.0.2.7");
  keeper.admits("192.0.2.8");
  logged();
  keeper.allowed = AddressList.parse("192.0.2.0/24");
  const only = "at tcp://[::]:2324, which is open to 10.0.0.0/8, ::1 only";
  assertEquals(logged(), [`Refused 192.0.2.8 ${only}`]);
  keeper.allowed = undefined;
  keeper.close();
  assertEquals(logged(), []);
});
