import { assertRejects } from "@std/assert";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { NatsLink } from "../../../lib/backplane/jetstream/nats_link.ts";
import { IS_DENO_2_7 } from "../../support/deno_2_7.ts";

const INFO = { server_id: "N", version: "2.9.0", proto: 1, max_payload: 1_000_000, headers: true };

Deno.test("NatsLink survives servers that refuse it and reset the connection at once", {
  ignore: IS_DENO_2_7,
}, async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
    socket.on("data", () => {
      socket.write("-ERR 'Authorization Violation'\r\n", () => socket.resetAndDestroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    // An error of a socket that nobody listens to would end the program, and does fail a test.
    for (let attempt = 0; attempt < 100; attempt++) {
      await using link = new NatsLink({ servers: [`nats://127.0.0.1:${port}`], name: "test" });
      await assertRejects(() => link.connection(), Error);
    }
  } finally {
    server.close();
  }
});
