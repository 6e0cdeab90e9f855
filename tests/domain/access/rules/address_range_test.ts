import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  AddressList,
  AddressRange,
  AddressRangeError,
} from "../../../../lib/domain/access/rules/address_range.ts";
import { SeededRandom } from "../../../support/random.ts";
import { rounds, SEED } from "../../../support/rounds.ts";

const matches = (range: string, address: string) => AddressRange.parse(range).matches(address);
const complaint = (text: string) =>
  assertThrows(() => AddressRange.parse(text), AddressRangeError).message;

Deno.test("AddressRange.matches() knows the addresses of a network, and a single one", () => {
  const cases: [range: string, inside: string[], outside: string[]][] = [
    ["192.0.2.7", ["192.0.2.7"], ["192.0.2.8", "::1"]],
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "9.255.255.255"]],
    ["10.1.2.3/31", ["10.1.2.2", "10.1.2.3"], ["10.1.2.1", "10.1.2.4"]],
    ["0.0.0.0/0", ["255.255.255.255", "::ffff:1.2.3.4"], ["::1", "::"]],
    ["::1", ["::1", "0:0:0:0:0:0:0:1", "::0.0.0.1"], ["::2", "0.0.0.1", "127.0.0.1"]],
    ["2001:db8::/33", ["2001:DB8:7fff::1", "2001:db8::"], ["2001:db8:8000::", "2001:db9::"]],
    ["::/0", ["::1", "fe80::1", "ffff::"], ["1.2.3.4", "::ffff:1.2.3.4"]],
    ["fe80::/10", ["fe80::1%eth0", "febf::1%2"], ["fec0::1%2"]],
  ];
  for (const [range, inside, outside] of cases) {
    for (const address of inside) assert(matches(range, address), `${address} in ${range}`);
    for (const address of outside) assert(!matches(range, address), `${address} in ${range}`);
  }
});

Deno.test("AddressRange takes an IPv4-mapped IPv6 address for its IPv4 address", () => {
  assert(matches("127.0.0.1", "::ffff:127.0.0.1"));
  assert(matches("127.0.0.1", "::FFFF:7f00:1"));
  assert(matches("::ffff:10.0.0.0/104", "10.9.9.9"));
  assertEquals(AddressRange.parse("::ffff:10.0.0.0/104").text, "10.0.0.0/8");
  assertEquals(AddressRange.parse("::ffff:0:0/96").text, "0.0.0.0/0");
});

Deno.test("AddressRange.matches() is false for anything that is no address", () => {
  for (
    const text of ["", "unix#7", "/run/a.sock", "unixgram", "10.1", "010.0.0.1", "::x", "%", ":"]
  ) {
    assert(!matches("0.0.0.0/0", text) && !matches("::/0", text), text);
  }
});

Deno.test("AddressRange has a usual form, without the bits after the prefix", () => {
  for (
    const [text, form] of [
      ["10.1.2.3/8", "10.0.0.0/8"],
      ["10.1.2.3/32", "10.1.2.3"],
      ["2001:DB8:0:0::F/64", "2001:db8::/64"],
      ["2001:db8::f/128", "2001:db8::f"],
      ["::/0", "::/0"],
    ]
  ) assertEquals(`${AddressRange.parse(text)}`, form);
});

Deno.test("AddressRange.contains() compares whole ranges", () => {
  const contains = (outer: string, inner: string) =>
    AddressRange.parse(outer).contains(AddressRange.parse(inner));
  assert(contains("127.0.0.0/8", "127.1.0.0/16") && contains("::1", "::1"));
  assert(!contains("127.1.0.0/16", "127.0.0.0/8") && !contains("0.0.0.0/0", "::1"));
  assert(AddressRange.parse("::/0").isWhole && !AddressRange.parse("::/1").isWhole);
});

Deno.test("AddressRange.parse() says what is wrong, and how to write it", () => {
  const form = "write an address such as 192.0.2.7, or a range such as 10.0.0.0/8 or 2001:db8::/32";
  for (
    const [text, reason] of [
      ["", `the address is missing; ${form}`],
      ["/8", `the address is missing; ${form}`],
      ["localhost", `"localhost" is not an address; ${form}`],
      ["10.0.0", `"10.0.0" is not an address; ${form}`],
      ["010.0.0.1", `"010.0.0.1" is not an address; ${form}`],
      ["10.0.0.256", `"10.0.0.256" is not an address; ${form}`],
      ["[::1]", `"[::1]" is not an address; ${form}`],
      ["::ffff:010.0.0.1", `"::ffff:010.0.0.1" is not an address; ${form}`],
      ["10.0.0.0/33", `"33" is not the length of an IPv4 prefix; use a number from 0 to 32`],
      ["10.0.0.0/", `"" is not the length of an IPv4 prefix; use a number from 0 to 32`],
      ["10.0.0.0/08", `"08" is not the length of an IPv4 prefix; use a number from 0 to 32`],
      ["10.0.0.0/8/8", `"8/8" is not the length of an IPv4 prefix; use a number from 0 to 32`],
      [
        "10.0.0.0/255.0.0.0",
        `"255.0.0.0" is not the length of an IPv4 prefix; use a number from 0 to 32`,
      ],
      ["::/129", `"129" is not the length of an IPv6 prefix; use a number from 0 to 128`],
      [
        "::ffff:10.0.0.0/8",
        `"8" is not the length of an IPv4-mapped prefix; use a number from 96 to 128`,
      ],
      ["fe80::1%eth0", `an interface such as "%eth0" cannot be told apart here; leave it out`],
    ]
  ) assertEquals(complaint(text), `Cannot parse address range ${JSON.stringify(text)}: ${reason}`);
  assert(complaint("x".repeat(10_000)).includes(`"${"x".repeat(60)}..." is not an address`));
});

Deno.test("AddressList.includes() is true for an address in any of its ranges", () => {
  const list = AddressList.parse("10.0.0.0/8, ::1,192.0.2.7");
  const asked = ["10.1.1.1", "::1", "192.0.2.7", "192.0.2.7", "192.0.2.8", "unix#1", "10.1.1.1"];
  assertEquals(asked.map((address) => list.includes(address)), [
    true,
    true,
    true,
    true,
    false,
    false,
    true,
  ]);
  assertEquals(`${list}`, "10.0.0.0/8, ::1, 192.0.2.7");
  for (const text of ["", "10.0.0.1,", ",::1"]) {
    assertThrows(() => AddressList.parse(text), AddressRangeError, "the address is missing");
  }
});

/** An address in one of the ways to write it. */
function written(bytes: readonly number[], random: SeededRandom): string {
  if (bytes.length === 4) {
    const plain = bytes.join(".");
    return random.pick([plain, plain, `::ffff:${plain}`, `0:0:0:0:0:FFFF:${plain}`]);
  }
  const groups = Array.from({ length: 8 }, (_, at) => bytes[at * 2] << 8 | bytes[at * 2 + 1]);
  const digits = random.pick([1, 4]);
  let text = groups.map((group) => group.toString(16).padStart(digits, "0")).join(":");
  if (random.int(2) === 0) text = text.replace(/(?:^|:)(?:0{1,4}(?::|$)){2,}/, "::");
  return random.int(2) === 0 ? text : text.toUpperCase();
}

const toBits = (bytes: readonly number[]) =>
  bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");

Deno.test("AddressRange.matches() compares the bits of the prefix, however addresses are written", () => {
  const random = new SeededRandom(SEED);
  let found = 0;
  for (let round = rounds(20_000, 400_000); round > 0; round--) {
    const length = random.pick([4, 16]);
    const byte = () => random.pick([0, 0, 1, 127, 128, 255, random.int(256)]);
    const network = Array.from({ length }, byte);
    // An address that shares some leading bits with the network.
    const shared = random.int(length * 8 + 1);
    const address = network.map((value, at) => {
      const kept = Math.min(Math.max(shared - at * 8, 0), 8);
      return value & 0xff00 >> kept | random.int(256) & 0xff >> kept;
    });
    const prefix = random.int(length * 8 + 1);
    // Those are IPv4 addresses in a long form, tried above.
    const isMapped = (bytes: readonly number[]) =>
      length === 16 && toBits(bytes).startsWith("0".repeat(80) + "1".repeat(16));
    if (isMapped(network) || isMapped(address)) continue;
    const networkText = length === 4 ? network.join(".") : written(network, random);
    const addressText = written(address, random);
    const expected = toBits(network).slice(0, prefix) === toBits(address).slice(0, prefix);
    const range = AddressRange.parse(`${networkText}/${prefix}`);
    assertEquals(
      range.matches(addressText),
      expected,
      `${addressText} in ${networkText}/${prefix}`,
    );
    assertEquals(AddressRange.parse(range.text).text, range.text);
    if (expected) found++;
  }
  assert(found > 1000);
});

Deno.test("AddressRange.parse() takes any text, or refuses it with an AddressRangeError", () => {
  const random = new SeededRandom(SEED);
  const pieces = [..."0123456789abcdefx.:/%-, []\0é", "::", "ffff", "255", "/32", "10.", "%eth0"];
  let taken = 0;
  for (let round = rounds(30_000, 600_000); round > 0; round--) {
    let text = "";
    for (let length = random.int(10); length >= 0; length--) text += random.pick(pieces);
    try {
      const range = AddressRange.parse(text);
      assertEquals(AddressRange.parse(range.text).text, range.text);
      assert(range.matches(range.text.replace(/\/.*/, "")), text);
      taken++;
    } catch (error) {
      assert(error instanceof AddressRangeError, `${text}: ${error}`);
    }
    AddressRange.parse("::/0").matches(text);
  }
  assert(taken > 100);
});
