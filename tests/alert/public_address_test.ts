import { assertEquals } from "@std/assert";
import { isPublicAddress } from "../../lib/alert/public_address.ts";

const PUBLIC = [
  "8.8.8.8",
  "1.1.1.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.1.1",
  "2606:4700:4700::1111",
  "2a00:1450:4001::5",
  "::ffff:8.8.8.8",
  "64:ff9b::8.8.8.8",
];

const NOT_PUBLIC = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "64:ff9b::10.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "",
  "localhost",
  "example.org",
  "127.1",
  "0x7f.1",
];

for (const address of PUBLIC) {
  Deno.test(`isPublicAddress() takes ${address}`, () => {
    assertEquals(isPublicAddress(address), true);
  });
}

for (const address of NOT_PUBLIC) {
  Deno.test(`isPublicAddress() refuses ${JSON.stringify(address)}`, () => {
    assertEquals(isPublicAddress(address), false);
  });
}
