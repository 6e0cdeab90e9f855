import { assertEquals } from "@std/assert";
import { openRules, type RoomRules } from "../../../../lib/domain/access/rules/room_rules.ts";
import { RuleBook } from "../../../../lib/domain/access/rules/rule_book.ts";

/** A book in which rules of these rooms are stored. */
function bookOf(...rules: RoomRules[]): RuleBook {
  const book = new RuleBook(() => {});
  for (const stored of rules) {
    book.apply(stored.name, book.settings(stored.name, { stored }));
  }
  return book;
}

const HIDDEN: RoomRules = { ...openRules("Tea"), isHidden: true };
const OWNED: RoomRules = { ...openRules("Ops"), roles: new Map([["ann", "owner"]]) };

Deno.test("RuleBook.rules() finds rules by name, whatever its case, and knows when there are none", () => {
  assertEquals(bookOf().isEmpty, true);
  const book = bookOf(HIDDEN);
  assertEquals([book.isEmpty, book.rules("TEA")?.isHidden, book.rules("milk")], [
    false,
    true,
    undefined,
  ]);
});

Deno.test("RuleBook lets temporary rules hold until the room is empty", () => {
  const book = bookOf(HIDDEN);
  const told: string[] = [];
  book.onChange((room) => told.push(room));
  book.setTemporary("tea", { ...HIDDEN, isModerated: true, isTemporary: true });
  assertEquals([book.rules("tea")?.isModerated, book.lastingRules("tea")?.isModerated], [
    true,
    false,
  ]);
  book.endTemporary("tea");
  book.endTemporary("tea");
  assertEquals([book.rules("tea")?.isModerated, told], [false, ["tea", "tea"]]);
});

Deno.test("RuleBook.settings() has nothing to store if the rules stay the same", () => {
  const book = bookOf(HIDDEN);
  assertEquals(book.settings("tea", { stored: book.stored("tea") }), []);
});

Deno.test("RuleBook.move() leads from the former name to the new one if the room has an owner", () => {
  const book = bookOf(OWNED);
  const { settings, update } = book.move("Ops", "Deploys");
  book.apply("Deploys", settings, update.temporary);
  assertEquals([book.currentName("ops"), book.rules("ops")?.name], ["Deploys", "Ops"]);
  assertEquals(book.allNames.map(({ name }) => name), ["Deploys", "Ops"]);
});
