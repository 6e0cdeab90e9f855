import { assert, assertEquals } from "@std/assert";
import { once } from "node:events";
import { createConnection } from "node:net";
import { setImmediate } from "node:timers/promises";
import { acceptConnections } from "../../../lib/server/accepting/accept_loop.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import type { WorkAccount } from "../../../lib/server/fairness/work_account.ts";
import { MemoryListener } from "../../../lib/transport/memory.ts";
import type { Listener } from "../../../lib/transport/connection.ts";
import { listenTcp } from "../../../lib/transport/tcp.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";
import { IS_DENO_2_7 } from "../../support/deno_2_7.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { until, within } from "../../support/patience.ts";

function errorWith(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Fails with each of these errors before it accepts anybody. */
function failing(
  errors: readonly unknown[],
  then: Listener,
): Listener & { readonly tries: number } {
  const left = [...errors];
  let tries = 0;
  return {
    endpoint: then.endpoint,
    close: () => then.close(),
    get tries() {
      return tries;
    },
    accept() {
      tries++;
      return left.length > 0 ? Promise.reject(left.shift()) : then.accept();
    },
  };
}

function accountOn(clock: FakeClock): WorkAccount {
  return new FairBudget({ clock, pollSockets: () => setImmediate() }).account();
}

/** Runs the loop on a clock that only the test moves. */
class Scene implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly memory = new MemoryListener();
  readonly listener: ReturnType<typeof failing>;
  accepted = 0;
  #isStopping = false;
  readonly #done: Promise<void>;

  constructor(errors: readonly unknown[]) {
    this.listener = failing(errors, this.memory);
    this.#done = acceptConnections(this.listener, {
      clock: this.clock,
      work: accountOn(this.clock),
      isStopping: () => this.#isStopping,
      onConnection: (connection) => {
        this.accepted++;
        connection.close();
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.listener.close();
    await this.#done;
  }
}

Deno.test("acceptConnections() continues at once after 1,000 reset connections", async () => {
  const resets = Array.from(
    { length: 1000 },
    (_, index) =>
      index % 2 === 0 ? new Deno.errors.NotConnected("reset") : errorWith("ECONNABORTED"),
  );
  await using scene = new Scene(resets);
  scene.memory.connect();
  await until("all have been tried", () => scene.listener.tries > resets.length);
  await setImmediate();
  assertEquals(scene.accepted, 1);
});

Deno.test("acceptConnections() gives other work a turn between failed connections", async () => {
  const resets = Array.from({ length: 1000 }, () => new Deno.errors.NotConnected("reset"));
  await using scene = new Scene(resets);
  let turns = 0;
  for (; scene.listener.tries <= resets.length && turns < 10_000; turns++) await setImmediate();
  assert(turns > 10 && turns < 10_000, `${turns} turns`);
});

Deno.test("acceptConnections() pauses only for lack of descriptors or memory", async () => {
  for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]) {
    await using scene = new Scene([errorWith(code), errorWith(code)]);
    scene.memory.connect();
    await setImmediate();
    assertEquals([scene.listener.tries, scene.accepted], [1, 0], code);
    await scene.clock.advance(5);
    assertEquals([scene.listener.tries, scene.accepted], [2, 0], code);
    await scene.clock.advance(10);
    assertEquals(scene.accepted, 1, code);
  }
});

Deno.test("acceptConnections() accepts over TCP behind peers that were reset in the queue", {
  ignore: IS_DENO_2_7,
}, async () => {
  const listener = listenTcp(parseEndpoint("tcp://127.0.0.1:0"));
  const { hostname, port } = new URL(listener.endpoint.replace("tcp", "http"));
  for (let count = 0; count < 50; count++) {
    const socket = createConnection({ host: hostname, port: Number(port) });
    await once(socket, "connect");
    socket.resetAndDestroy();
    await once(socket, "close");
  }
  const client = await Deno.connect({ hostname, port: Number(port) });
  const clock = new FakeClock();
  const accepted = Promise.withResolvers<void>();
  let isStopping = false;
  const done = acceptConnections(listener, {
    clock, // a pause would last forever
    work: accountOn(clock),
    isStopping: () => isStopping,
    onConnection: (connection) => {
      // A reset peer may still be accepted; then its connection is at its end.
      connection.bytes[Symbol.asyncIterator]().next().then(() => connection.close());
      if (connection.remote.endsWith(`:${(client.localAddr as Deno.NetAddr).port}`)) {
        accepted.resolve();
      }
    },
  });
  await within("the peer behind the others", accepted.promise);
  client.close();
  isStopping = true;
  listener.close();
  await done;
});
