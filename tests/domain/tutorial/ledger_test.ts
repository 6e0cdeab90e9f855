import { assert, assertEquals } from "@std/assert";
import {
  applyToBalance,
  describeBalance,
  parseLedgerRequest,
} from "../../../lib/domain/tutorial/ledger.ts";
import { SeededRandom } from "../../support/random.ts";

Deno.test("parseLedgerRequest() splits at the first colon", () => {
  assertEquals(parseLedgerRequest("jack:dp"), { name: "jack", word: "dp" });
  assertEquals(parseLedgerRequest("jack:dp:wd"), { name: "jack", word: "dp:wd" });
  assertEquals(parseLedgerRequest(":dp"), { name: "", word: "dp" });
  assertEquals(parseLedgerRequest("jack:"), { name: "jack", word: "" });
});

Deno.test("parseLedgerRequest() keeps names and words as typed", () => {
  assertEquals(parseLedgerRequest(" Jack Ö : DP"), { name: " Jack Ö ", word: " DP" });
});

Deno.test("parseLedgerRequest() is undefined without a colon", () => {
  for (const line of ["", "jack", "jack dp", "jack：dp"]) {
    assertEquals(parseLedgerRequest(line), undefined);
  }
});

Deno.test("parseLedgerRequest() splits any line without losing a character", () => {
  const random = new SeededRandom(3);
  for (let round = 0; round < 20_000; round++) {
    const line = Array.from(
      { length: random.int(12) },
      () => random.pick([":", ":", "d", "p", "w", " ", "\0", "\ud83d", "é", "/", "="]),
    ).join("");
    const request = parseLedgerRequest(line);
    assertEquals(request !== undefined, line.includes(":"), JSON.stringify(line));
    if (!request) continue;
    assertEquals(`${request.name}:${request.word}`, line);
    assert(!request.name.includes(":"));
  }
});

Deno.test("applyToBalance() deposits one, withdraws one if possible, and otherwise does nothing", () => {
  assertEquals([0, 1, 41].map((balance) => applyToBalance(balance, "dp")), [1, 2, 42]);
  assertEquals([0, 1, 42].map((balance) => applyToBalance(balance, "wd")), [0, 0, 41]);
  for (const word of ["", "DP", "dp ", " wd", "deposit", "wd:dp"]) {
    assertEquals([0, 7].map((balance) => applyToBalance(balance, word)), [0, 7], word);
  }
});

Deno.test("describeBalance() has a sentence of its own for an empty account", () => {
  assertEquals(describeBalance("jack", 2), "jack's money: 2");
  assertEquals(describeBalance("jack", 0), "jack has no money!!");
});
