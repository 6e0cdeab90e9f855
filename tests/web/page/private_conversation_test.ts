import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  parseConversations,
  PrivateConversation,
} from "../../../lib/web/page/private_conversation.ts";

function line(number: number, body = `line ${number}`) {
  const at = new Date(Date.UTC(2026, 10, 21) + number * 1000).toISOString();
  return { type: "private", from: "jack", to: "ann", at, body } as const;
}

function conversation(...bodies: readonly string[]): PrivateConversation {
  const person = new PrivateConversation("jack", {
    history: () => Promise.reject(new Error("There is none")),
    onChange: () => {},
  });
  for (const [number, body] of bodies.entries()) person.receive(line(number, body));
  return person;
}

Deno.test("PrivateConversation.saved holds the messages and how many are unread", () => {
  const person = conversation("psst", "are you there?");
  person.unread = 2;
  const { name, unread, lines } = person.saved;
  assertEquals([name, unread, lines.map(({ body }) => body)], ["jack", 2, [
    "psst",
    "are you there?",
  ]]);
  assertEquals(parseConversations(JSON.stringify([person.saved])), [person.saved]);
});

Deno.test("PrivateConversation.saved is the same object until something changes", () => {
  const person = conversation("psst");
  const { saved } = person;
  assertStrictEquals(person.saved, saved);
  person.unread = 1;
  assertEquals(person.saved.unread, 1);
  person.receive(line(1));
  assertEquals(person.saved.lines.length, 2);
});

Deno.test("PrivateConversation.saved holds the latest messages only, and a limited amount of text", () => {
  const many = conversation(...Array.from({ length: 300 }, (_, number) => `line ${number}`));
  assertEquals(many.saved.lines.length, 100);
  assertEquals(many.saved.lines.at(-1)!.body, "line 299");
  const long = conversation(...Array.from({ length: 300 }, () => "x".repeat(4000)));
  assertEquals(long.saved.lines.length, 12);
});

Deno.test("parseConversations() ignores what it does not understand", () => {
  for (
    const text of [null, "", "{}", "[null]", "[1]", '[{"name":"jack","unread":1}]', "[[", "null"]
  ) {
    assertEquals(parseConversations(text), [], String(text));
  }
});
