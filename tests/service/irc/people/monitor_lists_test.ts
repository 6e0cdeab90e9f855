import { assertEquals } from "@std/assert";
import { MonitorLists } from "../../../../lib/service/irc/people/monitor_lists.ts";

const ANN = { who: "ann" };
const BOB = { who: "bob" };

Deno.test("MonitorLists knows who watches a name, without regard to case", () => {
  const lists = new MonitorLists<object>(10);
  lists.add(ANN, "Cem");
  lists.add(BOB, "cem");
  assertEquals(lists.watchersOf("CEM"), [ANN, BOB]);
  assertEquals(lists.watchersOf("dora"), []);
});

Deno.test("MonitorLists.add() keeps a name as it was given first, once", () => {
  const lists = new MonitorLists<object>(2);
  assertEquals([lists.add(ANN, "Cem"), lists.add(ANN, "CEM")], [true, true]);
  assertEquals(lists.namesOf(ANN), ["Cem"]);
});

Deno.test("MonitorLists.add() refuses a name beyond the limit of one list", () => {
  const lists = new MonitorLists<object>(2);
  assertEquals(["a", "b", "c", "a"].map((name) => lists.add(ANN, name)), [true, true, false, true]);
  assertEquals(lists.namesOf(ANN), ["a", "b"]);
  assertEquals(lists.add(BOB, "c"), true);
});

Deno.test("MonitorLists.remove() and clear() forget names and those who watch them", () => {
  const lists = new MonitorLists<object>(10);
  for (const name of ["a", "b", "c"]) lists.add(ANN, name);
  lists.remove(ANN, "B");
  lists.remove(ANN, "unknown");
  assertEquals(lists.namesOf(ANN), ["a", "c"]);
  lists.clear(ANN);
  lists.clear(BOB);
  assertEquals([lists.namesOf(ANN), lists.watchersOf("a")], [[], []]);
});
