import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { type ConnectionContext, runInConnection } from "../../../../lib/context.ts";
import { LoginDelays } from "../../../../lib/domain/access/login/login_delays.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const OWNER = "198.51.100.7";
const STRANGER = "203.0.113.5";

class Scene {
  readonly clock = new FakeClock();
  readonly delays: LoginDelays;
  #connections = 0;

  constructor(mostTracked?: number) {
    this.delays = new LoginDelays({ clock: this.clock, mostTracked });
  }

  fail(account: string, address?: string): void {
    using _attempt = this.delays.begin(account, address);
  }

  succeed(account: string, address?: string): void {
    using attempt = this.delays.begin(account, address);
    attempt.succeed();
  }

  /** The seconds that an attempt must wait; 0 if it may be made. It is not made. */
  wait(account: string, address?: string): number {
    try {
      using attempt = this.delays.begin(account, address);
      attempt.withdraw();
      return 0;
    } catch (error) {
      assert(error instanceof DomainError);
      assertEquals(error.code, "slow-down");
      return Number(/^Too many [a-z ]+\. Try again in (\d+) seconds?\.$/.exec(error.message)![1]);
    }
  }

  /** Guesses as soon as it may for some seconds; returns how often. */
  guess(account: string, address: string, seconds: number): number {
    let guesses = 0;
    for (const end = this.clock.now() + seconds * 1000; this.clock.now() < end;) {
      const wait = this.wait(account, address);
      if (wait > 0) {
        this.clock.tick(wait * 1000);
      } else {
        this.fail(account, address);
        guesses++;
        this.clock.tick(20);
      }
    }
    return guesses;
  }

  connect(): ConnectionContext {
    return { connection: ++this.#connections, transport: "tcp", remote: "192.0.2.1:1" };
  }
}

Deno.test("LoginDelays doubles the delay after five failures, up to a minute", () => {
  const scene = new Scene();
  const waits: number[] = [];
  for (let failure = 1; failure <= 14; failure++) {
    scene.fail("ann", STRANGER);
    const wait = scene.wait("ann", STRANGER);
    waits.push(wait);
    scene.clock.tick(wait * 1000);
  }
  assertEquals(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  assertLessOrEqual(scene.guess("ann", STRANGER, 3600), 61);
});

Deno.test("LoginDelays does not count what it refuses", () => {
  const scene = new Scene();
  for (let failure = 0; failure < 6; failure++) scene.fail("ann", STRANGER);
  for (let count = 0; count < 100; count++) assertEquals(scene.wait("ann", STRANGER), 1);
  scene.clock.tick(1000);
  assertEquals(scene.wait("ann", STRANGER), 0);
});

Deno.test("LoginDelays never delays the owner because strangers guess elsewhere", () => {
  const scene = new Scene();
  scene.guess("ann", STRANGER, 600);
  assertEquals(scene.wait("ann", OWNER), 0);
  // Nor if there are very many of them.
  for (let index = 0; index < 2000; index++) scene.fail("ann", `10.0.${index >> 8}.${index & 255}`);
  assertEquals(scene.wait("ann", OWNER), 0);
});

Deno.test("LoginDelays grants less to strangers on an account that many of them guess at", () => {
  const scene = new Scene();
  scene.succeed("ann", OWNER);
  for (let index = 0; index < 10; index++) scene.fail("ann", `10.0.0.${index}`);
  const waits = [];
  for (let failure = 0; failure < 4; failure++) {
    scene.fail("ann", STRANGER);
    waits.push(scene.wait("ann", STRANGER));
    scene.clock.tick(waits[failure] * 1000);
  }
  assertEquals(waits, [0, 16, 32, 60]);
  // The owner may mistype as often as ever, at home.
  for (let failure = 0; failure < 5; failure++) scene.fail("ann", OWNER);
  assertEquals(scene.wait("ann", OWNER), 0);
  assertEquals(scene.wait("bob", STRANGER), 0);
});

Deno.test("LoginDelays delays an address that tries many accounts, except those known there", () => {
  const scene = new Scene();
  scene.succeed("ann", STRANGER);
  for (let index = 0; index < 21; index++) scene.fail(`name${index}`, STRANGER);
  assertEquals(scene.wait("name30", STRANGER), 1);
  assertEquals(scene.wait("ann", STRANGER), 0);
  assertEquals(scene.wait("name30", OWNER), 0);
});

Deno.test("LoginDelays counts attempts that are still being checked", () => {
  const scene = new Scene();
  const attempts = Array.from({ length: 6 }, () => scene.delays.begin("ann", STRANGER));
  assertEquals(scene.wait("ann", STRANGER), 1);
  // One that turns out to be right is none of them.
  attempts.pop()!.succeed();
  assertEquals(scene.wait("ann", STRANGER), 0);
});

Deno.test("LoginDelays lets an address have only so many checked at once", () => {
  const scene = new Scene();
  const attempts = Array.from(
    { length: 16 },
    (_, index) => scene.delays.begin(`name${index}`, STRANGER),
  );
  const error = assertThrows(() => scene.delays.begin("other", STRANGER), DomainError);
  assertEquals(error.message, "Too many log-ins at once. Try again in 1 second.");
  assertEquals(scene.wait("other", OWNER), 0);
  for (const attempt of attempts) {
    attempt.withdraw();
    attempt[Symbol.dispose]();
  }
  for (let index = 0; index < 16; index++) scene.fail(`name${index}`, STRANGER);
});

Deno.test("LoginDelays takes back what was not checked", () => {
  const scene = new Scene();
  for (let count = 0; count < 100; count++) {
    using attempt = scene.delays.begin("ann", STRANGER);
    attempt.withdraw();
  }
  for (let failure = 0; failure < 5; failure++) scene.fail("ann", STRANGER);
  assertEquals(scene.wait("ann", STRANGER), 0);
});

Deno.test("LoginDelays forgets failures after a success, and after an hour", () => {
  const scene = new Scene();
  for (let failure = 0; failure < 5; failure++) scene.fail("ann", OWNER);
  scene.succeed("ann", OWNER);
  for (let failure = 0; failure < 5; failure++) scene.fail("ann", OWNER);
  assertEquals(scene.wait("ann", OWNER), 0);
  scene.fail("ann", OWNER);
  assertEquals(scene.wait("ann", OWNER), 1);
  scene.clock.tick(60 * 60 * 1000);
  for (let failure = 0; failure < 5; failure++) scene.fail("ann", OWNER);
  assertEquals(scene.wait("ann", OWNER), 0);
});

Deno.test("LoginDelays takes an IPv6 network for one address, and mapped IPv4 for IPv4", () => {
  const scene = new Scene();
  for (let index = 0; index < 6; index++) scene.fail("ann", `2001:db8:1:2:${index}::${index}`);
  assertEquals(scene.wait("ann", "2001:db8:1:2::99"), 1);
  assertEquals(scene.wait("ann", "2001:db8:1:3::99"), 0);
  for (let index = 0; index < 6; index++) scene.fail("ann", `::ffff:${STRANGER}`);
  assertEquals(scene.wait("ann", STRANGER), 1);
  for (let index = 0; index < 6; index++) scene.fail("ann", `fe80::${index}%eth0`);
  assertEquals(scene.wait("ann", "fe80::77%eth0"), 1);
});

Deno.test("LoginDelays takes all programs on the machine for one address", () => {
  const scene = new Scene();
  for (let index = 0; index < 6; index++) {
    scene.fail("ann", index % 2 ? undefined : `unix#${index}`);
  }
  assertEquals(scene.wait("ann", "unix#99"), 1);
  assertEquals(scene.wait("ann", "127.0.0.1"), 0);
});

Deno.test("LoginDelays lets the owner in beside a neighbour who guesses without end", () => {
  const scene = new Scene();
  const neighbour = scene.connect();
  for (let turn = 0; turn < 60 * 50; turn++) {
    runInConnection(neighbour, () => scene.wait("ann", OWNER) === 0 && scene.fail("ann", OWNER));
    scene.clock.tick(20);
  }
  const owner = scene.connect();
  assert(runInConnection(neighbour, () => scene.wait("ann", OWNER)) > 0);
  runInConnection(owner, () => scene.fail("ann", OWNER));
  assert(runInConnection(owner, () => scene.wait("ann", OWNER)) > 0, "mistyped: waits");
  runInConnection(scene.connect(), () => scene.succeed("ann", OWNER));
  assertEquals(runInConnection(owner, () => scene.wait("ann", OWNER)), 0);
});

Deno.test("LoginDelays grants little to whoever opens a new connection for each guess", () => {
  const scene = new Scene();
  let guesses = 0;
  for (let turn = 0; turn < 3600 * 10; turn++) {
    runInConnection(scene.connect(), () => {
      if (scene.wait("ann", STRANGER) > 0) return;
      scene.fail("ann", STRANGER);
      guesses++;
    });
    scene.clock.tick(100);
  }
  // Five, then one each minute, and one each ten seconds.
  assertLessOrEqual(guesses, 500);
});

Deno.test("LoginDelays delays an address that creates many accounts", () => {
  const scene = new Scene();
  for (let count = 0; count < 21; count++) scene.delays.beginRegistration(STRANGER);
  const error = assertThrows(() => scene.delays.beginRegistration(STRANGER), DomainError);
  assertEquals(
    [error.code, error.message],
    ["slow-down", "Too many new accounts from your address. Try again in 1 second."],
  );
  scene.delays.beginRegistration(OWNER);
});

Deno.test("LoginDelays remembers a bounded number of things, the latest", () => {
  const scene = new Scene(100);
  const failOften = (account: string, address: string) => {
    for (let failure = 0; failure < 6; failure++) scene.fail(account, address);
  };
  failOften("ann", OWNER);
  for (let account = 0; account < 21; account++) scene.fail(`guess${account}`, STRANGER);
  for (let count = 0; count < 21; count++) scene.delays.beginRegistration(STRANGER);
  assertEquals([scene.wait("ann", OWNER), scene.wait("bob", STRANGER)], [1, 1]);

  for (let index = 0; index < 100; index++) {
    failOften(`name${index}`, `10.0.0.${index}`);
    scene.delays.beginRegistration(`10.0.0.${index}`);
  }
  assertEquals([scene.wait("ann", OWNER), scene.wait("bob", STRANGER)], [0, 0]);
  scene.delays.beginRegistration(STRANGER);
  assertEquals(scene.wait("name99", "10.0.0.99"), 1);
});
