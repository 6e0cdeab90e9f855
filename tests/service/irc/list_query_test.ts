import { assertEquals } from "@std/assert";
import { type ListedRoom, ListQuery } from "../../../lib/service/irc/list_query.ts";

const NOW = Date.UTC(2026, 10, 21, 6, 30);
const minutesAgo = (minutes: number) => NOW - minutes * 60_000;

const ROOMS: ListedRoom[] = [
  { channel: "#chan1", people: 1, createdAt: minutesAgo(3), topicAt: minutesAgo(3) },
  { channel: "#chan2", people: 2, createdAt: minutesAgo(1) },
  { channel: "#Ops", people: 30, createdAt: minutesAgo(600), topicAt: minutesAgo(1) },
];

function listed(text: string): string[] {
  const query = new ListQuery(text, NOW);
  return ROOMS.filter((room) => query.matches(room)).map(({ channel }) => channel);
}

Deno.test("ListQuery matches all rooms if nothing is asked for", () => {
  assertEquals(listed(""), ["#chan1", "#chan2", "#Ops"]);
});

Deno.test("ListQuery matches names and masks without case", () => {
  assertEquals(listed("#CHAN1"), ["#chan1"]);
  assertEquals(listed("*an1"), ["#chan1"]);
  assertEquals(listed("#c*n2,#ops"), ["#chan2", "#Ops"]);
  assertEquals(listed("*an3"), []);
});

Deno.test("ListQuery leaves out what matches a mask after an exclamation mark", () => {
  assertEquals(listed("!*an1"), ["#chan2", "#Ops"]);
  assertEquals(listed("#c*,!*1"), ["#chan2"]);
  assertEquals(listed("!#c*,!#o*"), []);
});

Deno.test("ListQuery compares the number of people", () => {
  assertEquals(listed(">1"), ["#chan2", "#Ops"]);
  assertEquals(listed("<2"), ["#chan1"]);
  assertEquals(listed(">1,<30"), ["#chan2"]);
  assertEquals(listed("<1"), []);
});

Deno.test("ListQuery compares the minutes since a room was created, or its topic was set", () => {
  assertEquals(listed("C>2"), ["#chan1", "#Ops"]);
  assertEquals(listed("c<2"), ["#chan2"]);
  assertEquals(listed("C<0"), []);
  assertEquals(listed("C>0"), ["#chan1", "#chan2", "#Ops"]);
  // A room without a topic has no time of it.
  assertEquals(listed("T>2"), ["#chan1"]);
  assertEquals(listed("T<2"), ["#Ops"]);
  assertEquals(listed("T<10"), ["#chan1", "#Ops"]);
});

Deno.test("ListQuery says whether looking at the named rooms is enough", () => {
  const query = (text: string) => new ListQuery(text, NOW);
  assertEquals(query("#a,#b").hasOnlyNames, true);
  assertEquals(query("#a,#b").names, ["#a", "#b"]);
  assertEquals(query("#a,#b*").hasOnlyNames, false);
  assertEquals(query(">5").hasOnlyNames, false);
});

Deno.test("ListQuery says whether the creation of rooms has to be looked up", () => {
  assertEquals(new ListQuery("C>5", NOW).needsCreation, true);
  assertEquals(new ListQuery("T>5,#c*", NOW).needsCreation, false);
});
