import { assertEquals } from "@std/assert";
import { partsOf, peerKey, repeatsIn } from "../../lib/transport/silent_peers.ts";

const TABLE = `\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0914 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100000A:0914 0200000A:C000 01 00000024:00000000 01:00000A21 00000004     0        0 2 3
   2: 0100000A:0914 0300000A:C001 01 00000024:00000000 01:00000014 00000000     0        0 3 3
   3: 0100000A:0914 0400000A:C002 01 00010024:00000000 04:00000014 00000009     0        0 4 3
   4: 0100000A:0914 0500000A:C003 01 00010024:00000000 04:00000014 00000000     0        5 5 3
   5: 0100000A:0914 0600000A:C004 01 00000000:00000000 02:000AFC6A 00000000  1000        0 6 3
   6: 0100000A:0914 0700000A:C005 01 00000000:00000000 02:000003FC 00000000     0        2 7 3
`;

Deno.test("repeatsIn() counts what peers do not acknowledge, and leaves out peers that read nothing", () => {
  assertEquals([...repeatsIn(TABLE)], [
    [peerKey("10.0.0.2:49152"), 4],
    [peerKey("10.0.0.3:49153"), 0],
    [peerKey("10.0.0.5:49155"), 5],
    [peerKey("10.0.0.7:49157"), 2],
  ]);
});

Deno.test("repeatsIn() finds an IPv4 peer of an IPv6 socket under its IPv4 address", () => {
  const [head, , row] = TABLE.split("\n");
  const mapped = row.replaceAll(/[0-9A-F]{8}(?=:(?:0914|C000))/g, "0000000000000000FFFF0000$&");
  assertEquals([...repeatsIn(`${head}\n${mapped}\n`)], [[peerKey("10.0.0.2:49152"), 4]]);
});

Deno.test("partsOf() cuts a table between rows, wherever its parts end", () => {
  for (let length = 1; length <= TABLE.length; length++) {
    const parts = [...partsOf(TABLE, length)];
    assertEquals(parts.join(""), TABLE);
    assertEquals(parts.flatMap((part) => [...repeatsIn(part)]), [...repeatsIn(TABLE)]);
  }
});

Deno.test("peerKey() writes addresses as the table does", () => {
  assertEquals(peerKey("127.0.0.1:80"), "0100007F:80");
  assertEquals(peerKey("[::1]:80"), "00000000000000000000000001000000:80");
  assertEquals(peerKey("[fe80::1%eth0]:8080"), "000080FE000000000000000001000000:8080");
  assertEquals(peerKey("unix#7"), undefined);
});
