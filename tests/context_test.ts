import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type ConnectionContext, currentConnection, runInConnection } from "../lib/context.ts";

function createContext(connection: number): ConnectionContext {
  return { connection, transport: "tcp", remote: `192.0.2.${connection}:1` };
}

Deno.test("currentConnection() is undefined outside a connection", () => {
  assertEquals(currentConnection(), undefined);
});

Deno.test("runInConnection() returns the result of its work and ends with it", () => {
  const context = createContext(1);
  const seen = runInConnection(context, () => currentConnection());
  assertStrictEquals(seen, context);
  assertEquals(currentConnection(), undefined);
});

Deno.test("runInConnection() ends if its work throws", () => {
  const work = () => {
    throw new TypeError("Cannot work: this is a test");
  };
  assertThrows(() => runInConnection(createContext(1), work), TypeError, "this is a test");
  assertEquals(currentConnection(), undefined);
});

Deno.test("runInConnection() covers everything awaited, separately for each connection", async () => {
  const work = async () => {
    const seen = [currentConnection()?.connection];
    await Promise.resolve();
    seen.push(currentConnection()?.connection);
    await new Promise((resolve) => setTimeout(resolve, 0));
    seen.push(currentConnection()?.connection);
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    seen.push(currentConnection()?.connection);
    for await (
      const _ of (async function* () {
        yield seen.push(currentConnection()?.connection);
      })()
    );
    return seen;
  };
  const all = [1, 2, 3].map((connection) => runInConnection(createContext(connection), work));
  assertEquals(currentConnection(), undefined);
  assertEquals(await Promise.all(all), [
    [1, 1, 1, 1, 1],
    [2, 2, 2, 2, 2],
    [3, 3, 3, 3, 3],
  ]);
});

Deno.test("runInConnection() enters another connection and comes back", () => {
  const [a, b] = [createContext(1), createContext(2)];
  runInConnection(a, () => {
    runInConnection(b, () => assertStrictEquals(currentConnection(), b));
    assertStrictEquals(currentConnection(), a);
  });
});

Deno.test("currentConnection() shows later changes of the context", () => {
  const context = createContext(1);
  runInConnection(context, () => {
    context.nickname = "jack";
    assertEquals(currentConnection()?.nickname, "jack");
  });
});
