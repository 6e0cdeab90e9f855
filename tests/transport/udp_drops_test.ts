import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseEndpoint } from "../../lib/transport/endpoint.ts";
import { listenUdp } from "../../lib/transport/udp.ts";
import { countUdpDrops, findDrops } from "../../lib/transport/udp_drops.ts";

const TABLE = [
  "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
  "  512: 0100007F:05EA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 19203 2 0000000000000000 17",
  "  513: 0200007F:05EA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 19204 2 0000000000000000 4",
  " 1065: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 19205 2 0000000000000000 0",
  "",
].join("\n");

Deno.test("findDrops() finds the drop count of a socket in the system's table", () => {
  assertEquals(findDrops(TABLE, 1514, "0100007F"), 17);
  assertEquals(findDrops(TABLE, 1514, "0200007F"), 4);
  assertEquals(findDrops(TABLE, 68, "00000000"), 0);
  assertEquals(findDrops(TABLE, 68, undefined), 0);
  assertEquals(findDrops(TABLE, 69, "00000000"), undefined);
  assertEquals(findDrops(TABLE, 1514, "00000000"), undefined);
  assertEquals(findDrops("", 1514, "0100007F"), undefined);
});

Deno.test("countUdpDrops() reports a socket that is not in the table", async () => {
  await assertRejects(() => countUdpDrops("127.0.0.1", 1), Error, "does not list this socket");
});

for (const host of ["127.0.0.1", "[::1]"]) {
  Deno.test(`listenUdp() counts the datagrams dropped at ${host}`, async () => {
    const socket = listenUdp(parseEndpoint(`udp://${host}:0`));
    const { hostname, port } = parseEndpoint(socket.endpoint);
    const sender = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    assertEquals(await socket.countDrops!(), 0);
    const sent = 3000;
    const bytes = new Uint8Array(200);
    for (let number = 0; number < sent; number++) {
      await sender.send(bytes, { transport: "udp", hostname, port });
    }
    const dropped = await socket.countDrops!();
    assert(dropped > 0, "none was dropped");
    let received = 0;
    for await (const _ of socket.receive()) {
      if (++received === sent - dropped) break;
    }
    assertEquals(received + await socket.countDrops!(), sent);
    sender.close();
    socket.close();
  });
}
