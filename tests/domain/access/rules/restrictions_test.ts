import { assert, assertEquals } from "@std/assert";
import {
  alsoShownTo,
  isAmong,
  isExcepted,
  isRestricted,
  targetKey,
} from "../../../../lib/domain/access/rules/restrictions.ts";

const somebody = { nickname: "Bob", account: "bobby", address: "192.0.2.7" };

function concerns(target: string, asker = somebody): boolean {
  return isRestricted(asker, [{ target }], 0) !== undefined;
}

Deno.test("isRestricted() compares names, accounts, addresses and ranges", () => {
  const yes = ["bob", "BOB", "bobby", "192.0.2.7", "192.0.2.0/24", "::ffff:192.0.2.7"];
  const no = ["bo", "bob2", "192.0.2.8", "192.0.3.0/24", "192.0.2.07", "2001:db8::/32", "::/0"];
  assertEquals(yes.filter((target) => !concerns(target)), []);
  assertEquals(no.filter((target) => concerns(target)), []);
  const six = { nickname: "", account: undefined, address: "2001:db8::1" };
  assert(concerns("2001:DB8:0::/32", six as never));
  assert(concerns("2001:db8:0:0::1", six as never));
  assert(concerns("fe80::/10", { ...somebody, address: "fe80::1%eth0" }));
});

Deno.test("isRestricted() returns the restriction that ends last", () => {
  const list = [
    { target: "bob", until: 50, reason: "short" },
    { target: "192.0.2.0/24", until: 90, reason: "long" },
    { target: "bobby", until: 10, reason: "ended" },
  ];
  assertEquals(isRestricted(somebody, list, 20)?.reason, "long");
  assertEquals(isRestricted(somebody, list, 90), undefined);
  const also = [{ target: "eve", also: ["bobby"], reason: "" }];
  assertEquals(isRestricted(somebody, also, 0), also[0]);
  assertEquals(isRestricted({ nickname: "" }, [{ target: "bob" }], 0), undefined);
});

Deno.test("isAmong() takes names and ranges", () => {
  assert(isAmong(somebody, ["eve", "192.0.0.0/8"]));
  assert(!isAmong(somebody, ["eve"]));
  assertEquals(targetKey("10.1.2.3/8"), "10.0.0.0/8");
  assertEquals(targetKey("Bob"), "bob");
});

Deno.test("alsoShownTo() tells addresses that were found out to operators only", () => {
  const ban = { also: ["bobby", "192.0.2.7", "2001:db8::1"] };
  assertEquals(alsoShownTo({ isOperator: true }, ban), ban.also);
  assertEquals(alsoShownTo({}, ban), ["bobby", "their address", "their address"]);
  assertEquals(alsoShownTo({}, {}), undefined);
});

Deno.test("isExcepted() tells exceptions to bans from exceptions to mutes", () => {
  const exceptions = ["bob", "$m:*!~eve@*", "$m:192.0.2.0/24"];
  const eve = { nickname: "eve", userHost: "~eve@host" };
  assertEquals(
    [somebody, eve].flatMap((asker) => [
      isExcepted(asker, exceptions, "ban"),
      isExcepted(asker, exceptions, "mute"),
    ]),
    [true, true, false, true],
  );
  assertEquals(isExcepted({ nickname: "carl" }, exceptions, "mute"), false);
});
