import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { SocketTurn } from "../../../lib/server/fairness/socket_turn.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Both ends of a connection. */
async function connect(): Promise<[Deno.Conn, Deno.Conn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return await Promise.all([Deno.connect({ port: listener.addr.port }), listener.accept()]);
}

/** Takes turns until the connection to ourselves is open. */
async function warm(turn: SocketTurn): Promise<void> {
  for (let count = 0; count < 1000; count++) await turn.next();
}

Deno.test("SocketTurn.next() resolves after bytes that have arrived are read", async () => {
  using turn = new SocketTurn(systemClock);
  await warm(turn);
  const [near, far] = await connect();
  for (let round = 0; round < 100; round++) {
    let hasRead = false;
    const reading = far.read(new Uint8Array(10)).then(() => hasRead = true);
    await turn.next(); // so that the read is under way
    near.write(new Uint8Array(1));
    for (let count = 0; count < 3 && !hasRead; count++) await turn.next();
    assert(hasRead, `not in round ${round}`);
    await reading;
  }
  near.close();
  far.close();
});

Deno.test("SocketTurn.later() polls sockets while turns follow each other, short or long", async () => {
  for (const turnMs of [1, 20]) await pollsWithin(turnMs);
});

async function pollsWithin(turnMs: number): Promise<void> {
  const clock = new FakeClock();
  using turn = new SocketTurn(clock);
  await warm(turn);
  const [near, far] = await connect();
  let hasRead = false;
  const reading = far.read(new Uint8Array(10)).then(() => hasRead = true);
  await turn.next(); // so that the read is under way
  near.write(new Uint8Array(1));
  for (let turns = 0; turns < 32 && !hasRead; turns++) {
    await turn.later();
    clock.tick(turnMs);
  }
  assert(hasRead);
  await reading;
  near.close();
  far.close();
}

Deno.test("SocketTurn.next() still resolves after it has been disposed of", async () => {
  const turn = new SocketTurn(systemClock);
  await warm(turn);
  const waiting = turn.next();
  turn[Symbol.dispose]();
  await waiting;
  await turn.next();
  await warm(turn);
});

Deno.test("SocketTurn that is disposed of at once leaves nothing open", async () => {
  const turn = new SocketTurn(systemClock);
  const first = turn.next();
  turn[Symbol.dispose]();
  await first;
  await warm(turn);
});

Deno.test({
  name: "SocketTurn.next() takes any turn without the permission to connect, and does not prompt",
  permissions: { net: false },
  async fn() {
    using turn = new SocketTurn(systemClock);
    let others = 0;
    setTimeout(() => others++, 0);
    while (others === 0) await turn.next();
    assertEquals(others, 1);
  },
});
