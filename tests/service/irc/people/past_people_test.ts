import { assertEquals } from "@std/assert";
import { PastPeople } from "../../../../lib/service/irc/people/past_people.ts";

function filled(...nicks: string[]): PastPeople {
  const people = new PastPeople();
  nicks.forEach((nick, until) => people.add({ nick, user: "u", host: "h", realname: "r", until }));
  return people;
}

Deno.test("PastPeople.find() returns the latest first, without regard to case", () => {
  const found = filled("ann", "Bob", "bob", "cem").find("BOB");
  assertEquals(found.map(({ until }) => until), [2, 1]);
});

Deno.test("PastPeople.find() returns at most as many as were asked for", () => {
  const people = filled("bob", "bob", "bob");
  assertEquals([1, 2, 0, -1].map((limit) => people.find("bob", limit).length), [1, 2, 3, 3]);
});

Deno.test("PastPeople.find() takes a mask", () => {
  assertEquals(filled("ann", "jack2", "nick2").find("*ck2").map(({ nick }) => nick), [
    "nick2",
    "jack2",
  ]);
});

Deno.test("PastPeople.find() finds nobody among nobody", () => {
  assertEquals(filled().find("*"), []);
});

Deno.test("PastPeople forgets the oldest beyond a thousand", () => {
  const people = filled(...Array.from({ length: 1500 }, (_, index) => `p${index}`));
  assertEquals(people.find("*").length, 1000);
  assertEquals(people.find("p499"), []);
  assertEquals(people.find("p500").length, 1);
  assertEquals(people.find("*")[0].nick, "p1499");
});
