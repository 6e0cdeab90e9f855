import { assertEquals } from "@std/assert";
import {
  bucketOf,
  decode,
  lookUp,
  TokenTable,
} from "../../../lib/store/sqlite/search/token_table.ts";
import { SeededRandom } from "../../support/random.ts";

Deno.test("TokenTable has each hash with the blocks that have it", () => {
  const random = new SeededRandom(1);
  const sheet = new TokenTable();
  const expected = new Map<number, number[]>();
  for (let block = 0; block < 200; block++) {
    const hashes = new Set(Array.from({ length: 800 }, () => random.int(3000) * 1_431_655));
    sheet.add(Uint32Array.from(hashes), block);
    for (const hash of hashes) expected.set(hash, [...expected.get(hash) ?? [], block]);
  }
  const buckets = new Map(sheet.take());
  for (const [hash, blocks] of expected) {
    assertEquals(lookUp(buckets.get(bucketOf(hash))!, hash), blocks);
  }
  assertEquals(lookUp(buckets.get(0)!, 1), []);
  // Wherever in memory a row of the database comes to lie.
  const shifted = new Uint8Array(buckets.get(0)!.length + 1);
  shifted.set(buckets.get(0)!, 1);
  assertEquals(decode(shifted.subarray(1)), decode(buckets.get(0)!));
});

Deno.test("TokenTable.take() empties it, and has no empty buckets", () => {
  const sheet = new TokenTable();
  sheet.add(Uint32Array.of(0, 0xffffffff), 65_535);
  const buckets = sheet.take();
  assertEquals(buckets.map(([bucket]) => bucket), [0, 63]);
  assertEquals(lookUp(buckets[1][1], 0xffffffff), [65_535]);
  assertEquals(sheet.take(), []);
});
