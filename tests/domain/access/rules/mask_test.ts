import { cpuUsage } from "node:process";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { isMask, usualMask } from "../../../../lib/domain/access/rules/mask.ts";
import {
  isAmong,
  isRestricted,
  targetKey,
} from "../../../../lib/domain/access/rules/restrictions.ts";
import type { Asker } from "../../../../lib/domain/asker.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";

const BOB: Asker = {
  nickname: "Bob",
  account: "bobby",
  address: "192.0.2.7",
  userHost: "~Rob@1a2b.ip",
};

function concerns(mask: string, asker = BOB): boolean {
  return isAmong(asker, [usualMask(mask)]);
}

Deno.test("usualMask() completes masks", () => {
  assertEquals(
    ["bar*", "*!x", "x@host", "@host", "a!b@c", "a!!@c", "***!*@**.ip", "~a:Ann", "$A:ann", "$a"]
      .map(usualMask),
    ["bar*!*@*", "*!x@*", "*!x@host", "*!*@host", "a!b@c", "a!!@c", "*!*@*.ip", "$a:Ann", "$a:ann"]
      .concat("$a:*"),
  );
  for (
    const mask of [
      "$r:ann",
      "~~a:ann",
      "a b!*@*",
      "a\r!*@*",
      ":a!*@*",
      "a,b!*@*",
      `${"a".repeat(125)}!*@*`,
    ]
  ) {
    const error = assertThrows(() => usualMask(mask), DomainError);
    assertEquals(error.code, "bad-name");
  }
});

Deno.test("isMask() takes no name and no address for a mask", () => {
  const masks = ["a*", "a?", "a!b@c", "@c", "$a:ann", "~a:ann"];
  const others = ["ann", "web1/nginx", "10.0.0.0/8", "::1", "a-b_c.d"];
  assertEquals([...masks, ...others].filter(isMask), masks);
});

Deno.test("Masks concern people by nick, user, host, address and account", () => {
  const yes = [
    "bob!*@*",
    "B?B!*@*",
    "*o*!~rob@*",
    "*!*@*.ip",
    "*!~rob@1A2B.IP",
    "*!*@192.0.2.*",
    "*!*@192.0.2.7",
    "*!~rob@192.0.0.0/16",
    "$a:bobby",
    "$a:BOB*",
    "~a",
    "*!*@*",
  ];
  const no = [
    "bo!*@*",
    "bob!rob@*",
    "*!*@192.0.3.*",
    "*!x@192.0.0.0/16",
    "*!*@10.0.0.0/8",
    "$a:bob",
    "*!*@ip",
  ];
  assertEquals(yes.filter((mask) => !concerns(mask)), []);
  assertEquals(no.filter((mask) => concerns(mask)), []);
});

Deno.test("Masks concern people without an account, an address or a host", () => {
  const guest: Asker = { nickname: "bobby" };
  assert(!concerns("$a:*", guest));
  assert(!concerns("*!*@0.0.0.0/0", guest));
  assert(concerns("bob*!*@*", guest));
  assert(concerns("*!*@*", guest));
});

Deno.test("Masks are compared without case, among names and addresses", () => {
  assertEquals(targetKey("BOB!*@*"), "bob!*@*");
  const list = [{ target: "eve", until: 9 }, { target: "b*!*@*", until: 8 }];
  assertEquals(isRestricted(BOB, list, 0), list[1]);
  assertEquals(isRestricted(BOB, list, 8), undefined);
});

Deno.test("500 masks are compared with each of 10,000 people once, without going back", () => {
  const people = Array.from({ length: 10_000 }, (_, index): Asker => ({
    nickname: `person${index}`,
    address: `10.${index >> 8}.${index & 255}.1`,
    userHost: `~user${index}@${index}abcdef.ip`,
  }));
  const kinds = [
    (n: number) => ({ target: `*bad${n}*!*@*` }),
    (n: number) => ({ target: `*!*@*${n}x.ip` }),
    (n: number) => ({ target: `nobody${n}!*@*` }),
    (n: number) => ({ target: `*!*@192.0.${n % 256}.0/24` }),
    (n: number) => ({ target: `*p*e*r*s*o*n*${n}?x!*@*` }),
  ];
  const masks = Array.from({ length: 500 }, (_, index) => kinds[index % kinds.length](index));
  // Processor time, because others use this machine, too.
  const started = cpuUsage();
  assertEquals(people.filter((person) => isRestricted(person, masks, 0)).length, 0);
  const first = cpuUsage(started).user;
  // It takes half a second; a comparison that goes back and forth would take minutes.
  assert(first < 15_000_000);
  // Each message asks; the answer is known.
  const later = cpuUsage();
  for (const person of people) isRestricted(person, masks, 0);
  assert(cpuUsage(later).user < first / 4);
});
