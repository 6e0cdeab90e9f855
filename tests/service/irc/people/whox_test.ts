import { assertEquals } from "@std/assert";
import { WhoxFields } from "../../../../lib/service/irc/people/whox.ts";

const VALUES = {
  c: "#chan",
  u: "~ann",
  i: "255.255.255.255",
  h: "host",
  s: "server",
  n: "ann",
  f: "H@",
  d: "0",
  l: "5",
  a: "0",
  o: "n/a",
  r: "Ann Other",
};

Deno.test("WhoxFields sends all fields in one order, however they are asked for", () => {
  const all = ["123", ...Object.values(VALUES)];
  assertEquals(new WhoxFields("%tcuihsnfdlaor,123").format(VALUES), all);
  assertEquals(new WhoxFields("%roaldfnshiuct,123").format(VALUES), all);
});

Deno.test("WhoxFields sends only what was asked for", () => {
  assertEquals(new WhoxFields("%na").format(VALUES), ["ann", "0"]);
  assertEquals(new WhoxFields("o%tn,7").format(VALUES), ["7", "ann"]);
  assertEquals(new WhoxFields("%xyz").format(VALUES), []);
});

Deno.test("WhoxFields takes only a token of up to three digits", () => {
  assertEquals(new WhoxFields("%t,1234").format(VALUES), ["0"]);
  assertEquals(new WhoxFields("%t,a").format(VALUES), ["0"]);
  assertEquals(new WhoxFields("%t").format(VALUES), ["0"]);
});
