import { assertEquals, assertRejects } from "@std/assert";
import { openListeners } from "../../../lib/cli/endpoints/listeners.ts";
import { findPortUse } from "../../../lib/cli/endpoints/port_use.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";

Deno.test("openListeners() says what to change if a port is in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const endpoint = parseEndpoint(`tcp://127.0.0.1:${taken.addr.port}`);
  await assertRejects(
    () => openListeners([{ service: "echo", endpoint }]),
    Error,
    `Cannot listen on tcp://127.0.0.1:${taken.addr.port}: the port is in use. Stop the program ` +
      "that uses it, or choose another port with --listen.",
  );
});

Deno.test("openListeners() skips a tutorial whose port is in use, and opens the others", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { lines, skipped } = await openListeners([
    { service: "bank", endpoint: parseEndpoint(`tcp://127.0.0.1:${port}`), isTutorial: true },
    { service: "echo", endpoint: parseEndpoint("tcp://127.0.0.1:0"), isTutorial: true },
  ]);
  for (const { listener } of lines) listener.close();
  assertEquals(lines.map(({ binding }) => binding.service), ["echo"]);
  assertEquals(skipped, [
    `The service bank is off. Cannot listen on tcp://127.0.0.1:${port}: the port is in use. Stop ` +
    "the program that uses it, or choose another port with --listen bank=tcp://127.0.0.1:PORT.",
  ]);
});

Deno.test({
  name: "openListeners() says that an outgoing connection uses a port",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using connection = await Deno.connect({ port: server.addr.port });
    using _accepted = await server.accept();
    const { port } = connection.localAddr as Deno.NetAddr;
    await assertRejects(
      () => openListeners([{ service: "a", endpoint: parseEndpoint(`tcp://127.0.0.1:${port}`) }]),
      Error,
      `Cannot listen on tcp://127.0.0.1:${port}: an outgoing connection of this machine uses the ` +
        "port. Try again when it has ended, or choose another port with --listen.",
    );
  },
});

Deno.test("findPortUse() distinguishes listeners, connections and TIME-WAIT", () => {
  const row = (local: string, state: string) =>
    `   0: 0100007F:${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0`;
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
    row("D431", "06"),
    row("DDCC", "06"),
    row("DDCC", "01"),
    row("0050", "01"),
    row("0050", "0A"),
  ].join("\n");
  const uses = [54_321, 56_780, 80, 81].map((port) => findPortUse(table, port));
  assertEquals(uses, ["ended connection", "connection", "listener", undefined]);
});

Deno.test("openListeners() opens nothing if it cannot open everything", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/socket`;
  const bindings = [
    { service: "bank", endpoint: parseEndpoint(`unix://${path}`) },
    { service: "echo", endpoint: parseEndpoint(`tcp://127.0.0.1:${taken.addr.port}`) },
  ];
  await assertRejects(() => openListeners(bindings), Error, "the port is in use");
  await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
});
