import { assertEquals } from "@std/assert";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";
import { InheritedListener } from "../../lib/transport/inherited_listener.ts";
import { StreamPeer } from "../support/stream_peer.ts";
import { testByteTransport } from "./connection_contract.ts";

/** Deno 2.7 has no listening descriptors, and its sockets of `node:net` break other promises, too. */
const [major, minor] = Deno.version.deno.split(".").map(Number);

if (major > 2 || minor >= 9) {
  testByteTransport("InheritedListener", {
    // Only another process could pass on a descriptor: see `tests/clients/socket_activation_test.ts`.
    async listen() {
      const listener = await InheritedListener.open({ host: "127.0.0.1", port: 0 });
      return listener.as(parseEndpoint("tcp://127.0.0.1:1"));
    },
    async connect({ endpoint }) {
      const { port } = new URL(endpoint.replace("tcp:", "http:"));
      return new StreamPeer(await Deno.connect({ hostname: "127.0.0.1", port: Number(port) }));
    },
  });

  Deno.test("InheritedListener names IPv4 peers of an IPv6 socket as other sockets do", async () => {
    const listener = await InheritedListener.open({ host: "::ffff:127.0.0.1", port: 0 });
    const { hostname, port } = listener;
    const client = await Deno.connect({ hostname: "127.0.0.1", port });
    const connection = await listener.as(parseEndpoint("tcp://127.0.0.1:1")).accept();
    assertEquals([hostname, connection.address], ["::ffff:127.0.0.1", "127.0.0.1"]);
    assertEquals(connection.localAddress, "127.0.0.1");
    connection.close();
    client.close();
    listener.close();
  });
}
