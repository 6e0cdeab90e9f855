import { assertEquals } from "@std/assert";
import {
  bucketOf,
  decode,
  lookUp,
  TokenTable,
} from "../../../lib/store/sqlite/search/token_table.ts";
import { SeededRandom } from "../../support/random.ts";

Deno.test("TokenTable finds each hash with its blocks", () => {
  const random = new SeededRandom(1);
  const table = new TokenTable();
  const expected = new Map<number, number[]>();
  for (let block = 0; block < 200; block++) {
    const hashes = new Set(Array.from({ length: 800 }, () => random.int(3000) * 1_431_655));
    table.add(Uint32Array.from(hashes), block);
    for (const hash of hashes) expected.set(hash, [...expected.get(hash) ?? [], block]);
  }
  const buckets = new Map(table.take());
  for (const [hash, blocks] of expected) {
    assertEquals(lookUp(buckets.get(bucketOf(hash))!, hash), blocks);
  }
  assertEquals(lookUp(buckets.get(0)!, 1), []);
  // A row of the database may start at any address.
  const shifted = new Uint8Array(buckets.get(0)!.length + 1);
  shifted.set(buckets.get(0)!, 1);
  assertEquals(decode(shifted.subarray(1)), decode(buckets.get(0)!));
});

Deno.test("TokenTable.take() empties the table, and returns no empty buckets", () => {
  const table = new TokenTable();
  table.add(Uint32Array.of(0, 0xffffffff), 65_535);
  const buckets = table.take();
  assertEquals(buckets.map(([bucket]) => bucket), [0, 63]);
  assertEquals(lookUp(buckets[1][1], 0xffffffff), [65_535]);
  assertEquals(table.take(), []);
});
