import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../lib/domain/domain_error.ts";
import { NicknameRegistry } from "../../lib/domain/nickname_registry.ts";

function assertRefused(claim: () => unknown, code: string, sentence: string): void {
  const error = assertThrows(claim, DomainError);
  assertEquals([error.code, error.message], [code, sentence]);
}

Deno.test("NicknameRegistry.claim() returns the name as it is shown, and find() its holder", () => {
  const people = new NicknameRegistry<string>();
  assertEquals(people.claim("  Jack ", "1"), "Jack");
  assertEquals(people.find("Jack"), "1");
  assertEquals(people.find("JACK"), "1");
  assertEquals(people.find("ann"), undefined);
  assertEquals(people.size, 1);
});

Deno.test("NicknameRegistry.claim() refuses a name in use, and suggests a free one", () => {
  const people = new NicknameRegistry<string>();
  people.claim("jack", "1");
  const sentence = "The name jack is in use, or looks like one that is. Try jack2.";
  assertRefused(() => people.claim("jack", "2"), "name-in-use", sentence);
  people.claim("JACK2", "2");
  assertRefused(
    () => people.claim("jack", "3"),
    "name-in-use",
    "The name jack is in use, or looks like one that is. Try jack3.",
  );
});

Deno.test("NicknameRegistry.claim() refuses look-alikes of a name in use", () => {
  const people = new NicknameRegistry<string>();
  people.claim("Sophos", "1");
  for (const name of ["sophos", "SOPHOS", "Ｓｏｐｈｏｓ", "ſophos", "Sophoſ"]) {
    assertThrows(() => people.claim(name, "2"), DomainError, "looks like one that is");
  }
  assertEquals(people.size, 1);
});

Deno.test("NicknameRegistry.claim() suggests a valid name, however long the name is", () => {
  const people = new NicknameRegistry<string>();
  const longest = "𝒥".repeat(32);
  people.claim(longest, "1");
  const { message } = assertThrows(() => people.claim(longest, "2"), DomainError);
  const proposal = /Try (.*)\.$/.exec(message)![1];
  assertEquals(people.claim(proposal, "2"), proposal);
});

Deno.test("NicknameRegistry.claim() refuses reserved names and their look-alikes", () => {
  const people = new NicknameRegistry<string>(["server", "Quit"]);
  assertRefused(
    () => people.claim("server", "1"),
    "name-reserved",
    "The name server is reserved. Choose another.",
  );
  for (const name of ["SERVER", "ſerver", "ｓｅｒｖｅｒ", "quit"]) {
    assertThrows(() => people.claim(name, "1"), DomainError, "is reserved");
  }
  assertEquals(people.claim("servers", "1"), "servers");
});

Deno.test("NicknameRegistry.claim() releases the previous name", () => {
  const people = new NicknameRegistry<string>();
  people.claim("jack", "1");
  people.claim("john", "1", "jack");
  assertEquals([people.find("jack"), people.find("john"), people.size], [undefined, "1", 1]);
  assertEquals(people.claim("jack", "2"), "jack");
});

Deno.test("NicknameRegistry.claim() lets the holder change the spelling", () => {
  const people = new NicknameRegistry<string>();
  people.claim("jack", "1");
  assertEquals(people.claim("JACK", "1", "jack"), "JACK");
  assertEquals([people.find("jack"), people.size], ["1", 1]);
});

Deno.test("NicknameRegistry.claim() keeps the previous name when it refuses", () => {
  const people = new NicknameRegistry<string>(["server"]);
  people.claim("jack", "1");
  people.claim("ann", "2");
  for (const name of ["ann", "Server", "", "two words", "a".repeat(33)]) {
    assertThrows(() => people.claim(name, "1", "jack"), DomainError);
    assertEquals(people.find("jack"), "1");
  }
});

Deno.test("NicknameRegistry.release() releases the look-alikes too", () => {
  const people = new NicknameRegistry<string>();
  people.claim("jack", "1");
  people.release("jack");
  assertEquals([people.find("jack"), people.size], [undefined, 0]);
  assertEquals(people.claim("JACK", "2"), "JACK");
});

Deno.test("NicknameRegistry keeps a name that was given up until everybody knows", async () => {
  const registry = new NicknameRegistry<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  registry.claim("jack", "first");
  registry.claim("tim", "first", "jack", promise);
  assertEquals(registry.find("jack"), undefined);
  assertThrows(() => registry.claim("jack", "second"), DomainError, "in use");
  resolve();
  await promise;
  await Promise.resolve();
  registry.claim("jack", "second");
});

Deno.test("NicknameRegistry lets somebody take back at once the name that they gave up", () => {
  const registry = new NicknameRegistry<string>();
  registry.claim("jack", "first");
  registry.claim("tim", "first", "jack", new Promise(() => {}));
  registry.claim("Jack", "first", "tim");
  assertEquals(registry.find("jack"), "first");
});
