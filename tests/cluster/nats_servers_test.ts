import { assertRejects } from "@std/assert";
import { freePort } from "../support/free_port.ts";
import { NatsServers } from "../support/nats_servers.ts";

Deno.test("NatsServers.start() ends the servers that run if another does not start", async () => {
  const port = freePort();
  // Only one of them gets it.
  const start = () => NatsServers.start(2, `http: "127.0.0.1:${port}"`);
  await assertRejects(start, Error, "nats-server did not start");
  await assertRejects(() => Deno.connect({ port }), Deno.errors.ConnectionRefused);
});
