import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { monotonicTime } from "../../../lib/cli/systemd/monotonic_time.ts";
import { ServiceManager } from "../../../lib/cli/systemd/service_manager.ts";
import { IS_DENO_2_7 } from "../../support/deno_2_7.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { Receiver } from "../../support/notify_receiver.ts";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly monotonicUs?: number;
}

/** A manager that listens at a real socket, and a server that tells it. */
async function withManager(
  { env = {}, monotonicUs }: Given,
  test: (manager: ServiceManager, receiver: Receiver, clock: FakeClock) => Promise<void>,
  isAbstract = false,
): Promise<void> {
  using receiver = new Receiver({ isAbstract });
  const clock = new FakeClock();
  const given: Readonly<Record<string, string>> = { NOTIFY_SOCKET: receiver.address, ...env };
  await using manager = new ServiceManager({
    env: (name) => given[name],
    clock,
    pid: 42,
    readTime: () => Promise.resolve(monotonicUs === undefined ? undefined : () => monotonicUs),
  });
  await test(manager, receiver, clock);
}

for (const isAbstract of [false, true]) {
  const where = isAbstract ? "a name in the abstract namespace" : "a socket file";
  // Deno 2.7 knows no abstract names.
  const ignore = isAbstract && IS_DENO_2_7;
  Deno.test(`ServiceManager tells ${where} of the life of a server`, { ignore }, async () => {
    await withManager({ monotonicUs: 1234.5 }, async (manager, receiver) => {
      manager.ready(() => "2 connections");
      assertEquals(await receiver.next(), "READY=1\nSTATUS=2 connections\n");
      manager.reloading();
      assertEquals(
        await receiver.next(),
        "RELOADING=1\nMONOTONIC_USEC=1235\nSTATUS=Reloading the configuration\n",
      );
      manager.reloaded([]);
      assertEquals(await receiver.next(), "READY=1\nSTATUS=2 connections\n");
      manager.stopping();
      assertEquals(
        await receiver.next(),
        "STOPPING=1\nSTATUS=Stopping: telling everybody, saving what is left\n",
      );
    }, isAbstract);
  });
}

Deno.test("ServiceManager.reloaded() keeps faults in the status until the next reload", async () => {
  await withManager({}, async (manager, receiver, clock) => {
    let count = 1;
    manager.ready(() => `${count} connections`);
    await receiver.next();
    manager.reloading();
    assertEquals(await receiver.next(), "RELOADING=1\nSTATUS=Reloading the configuration\n");
    manager.reloaded(["a.toml:3: no\nsuch key", "no certificate"]);
    const fault = ". Not reloaded: a.toml:3: no such key; no certificate\n";
    assertEquals(await receiver.next(), `READY=1\nSTATUS=1 connections${fault}`);
    count = 2;
    await clock.advance(10_000);
    assertEquals(await receiver.next(), `STATUS=2 connections${fault}`);
    manager.reloaded([]);
    assertEquals(await receiver.next(), "READY=1\nSTATUS=2 connections\n");
  });
});

Deno.test("ServiceManager feeds the watchdog at half of its time, from ready to stopping", async () => {
  const env = { WATCHDOG_USEC: "3000000", WATCHDOG_PID: "42" };
  await withManager({ env }, async (manager, receiver, clock) => {
    await clock.advance(5000);
    manager.ready(() => "");
    assertEquals(await receiver.next(), "READY=1\nSTATUS=\n");
    assertEquals(await receiver.next(), "WATCHDOG=1\n");
    for (let i = 0; i < 2; i++) {
      await clock.advance(1499);
      assertEquals(receiver.count, 0);
      await clock.advance(1);
      assertEquals(await receiver.next(), "WATCHDOG=1\n");
    }
    manager.stopping();
    await receiver.next();
    await clock.advance(10_000);
    manager.reloading();
    assertEquals(await receiver.next(), "RELOADING=1\nSTATUS=Reloading the configuration\n");
  });
});

Deno.test("ServiceManager does not feed the watchdog of another process", async () => {
  const env = { WATCHDOG_USEC: "3000000", WATCHDOG_PID: "43" };
  await withManager({ env }, async (manager, receiver, clock) => {
    manager.ready(() => "");
    await receiver.next();
    await clock.advance(9000);
    manager.reloading();
    assertEquals(await receiver.next(), "RELOADING=1\nSTATUS=Reloading the configuration\n");
  });
});

Deno.test("ServiceManager does nothing without a manager, or with one that is gone", async () => {
  for (const address of [undefined, "", "nonsense", "/nowhere/notify", "@nobody-listens-here"]) {
    const clock = new FakeClock();
    await using manager = new ServiceManager({
      env: (name) => name === "NOTIFY_SOCKET" ? address : undefined,
      clock,
      pid: 42,
      readTime: () => Promise.resolve(undefined),
    });
    manager.ready(() => "");
    manager.reloading();
    manager.reloaded([]);
    await clock.advance(20_000);
    manager.stopping();
  }
});

Deno.test({
  name: "monotonicTime() is at most a moment ahead of the system's time",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // Deno needs all permissions to read /proc, so a shell does it.
    const uptime = () => {
      const { stdout } = new Deno.Command("cat", { args: ["/proc/uptime"] }).outputSync();
      return Number(new TextDecoder().decode(stdout).split(" ")[0]) * 1e6;
    };
    const time = await monotonicTime(systemClock);
    const before = uptime();
    const now = time!();
    assert(now >= before && now < uptime() + 5e6);
  },
});
