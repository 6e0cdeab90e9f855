import { assertEquals } from "@std/assert";
import { peerKey, silentPeersIn } from "../../lib/transport/silent_peers.ts";

const TABLE = `\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0914 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100000A:0914 0200000A:C000 01 00000024:00000000 01:00000A21 00000004     0        0 2 3
   2: 0100000A:0914 0300000A:C001 01 00000024:00000000 01:00000014 00000001     0        0 3 3
   3: 0100000A:0914 0400000A:C002 01 00010024:00000000 04:00000014 00000009     0        0 4 3
`;

Deno.test("silentPeersIn() returns peers that acknowledge nothing, not peers that read nothing", () => {
  assertEquals([...silentPeersIn(TABLE)], [peerKey("10.0.0.2:49152")]);
});

Deno.test("peerKey() writes addresses as the table does", () => {
  assertEquals(peerKey("127.0.0.1:80"), "0100007F:80");
  assertEquals(peerKey("[::1]:80"), "00000000000000000000000001000000:80");
  assertEquals(peerKey("[fe80::1%eth0]:8080"), "000080FE000000000000000001000000:8080");
  assertEquals(peerKey("[::ffff:10.0.0.2]:1"), "0000000000000000FFFF00000200000A:1");
  assertEquals(peerKey("unix#7"), undefined);
});
