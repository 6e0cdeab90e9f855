import { assertEquals } from "@std/assert";
import { Writing } from "../../../lib/web/page/writing.ts";

const CONTEXT = {
  commands: [
    { name: "who", usage: "/who", summary: "x" },
    { name: "whois", usage: "/whois", summary: "x" },
  ],
  names: ["ann", "anna", "bob"],
  rooms: ["lobby"],
};

function writing(...said: string[]): Writing {
  return new Writing({ draft: "", said, context: () => CONTEXT });
}

/** Types a text, with the caret at its end. */
function type(field: Writing, text: string): void {
  field.typed(text, text.length);
}

Deno.test("Writing.key() chooses from the list, around its ends, and takes it", () => {
  const field = writing();
  type(field, "/w");
  assertEquals(field.key("ArrowDown", 2), true);
  assertEquals(field.chosen, 1);
  field.key("ArrowDown", 2);
  assertEquals(field.chosen, 0);
  field.key("ArrowUp", 2);
  assertEquals(field.key("Enter", 2), true);
  assertEquals([field.text, field.caret, field.completions], ["/whois ", 7, undefined]);
});

Deno.test("Writing.key() leaves Enter to a command that is there as a whole", () => {
  const field = writing();
  type(field, "/who");
  assertEquals(field.key("Enter", 4), false);
  type(field, "/wh");
  assertEquals(field.key("Enter", 3), true);
  assertEquals(field.text, "/who ");
});

Deno.test("Writing.key() leaves Enter to who says only @", () => {
  const field = writing();
  type(field, "@");
  assertEquals(field.key("Enter", 1), false);
});

Deno.test("Writing.key() completes a name with Tab, and takes the next one with another", () => {
  const field = writing();
  type(field, "hello an");
  field.key("Tab", 8);
  assertEquals(field.text, "hello ann ");
  field.key("Tab", 10);
  assertEquals(field.text, "hello anna ");
  field.key("Tab", 11);
  assertEquals(field.text, "hello ann ");
  type(field, "hello x");
  assertEquals(field.key("Tab", 7), false);
  type(field, "");
  assertEquals(field.key("Tab", 0), false);
});

Deno.test("Writing.key() closes the list with Escape, once", () => {
  const field = writing();
  type(field, "@a");
  assertEquals(field.key("Escape", 2), true);
  assertEquals(field.key("Escape", 2), false);
});

Deno.test("Writing.key() brings back what was said, from an empty field only", () => {
  const field = writing("one", "two");
  type(field, "x");
  assertEquals(field.key("ArrowUp", 1), false);
  type(field, "");
  field.key("ArrowUp", 0);
  assertEquals(field.text, "two");
  field.key("ArrowUp", 3);
  field.key("ArrowUp", 3);
  assertEquals(field.text, "one");
  field.key("ArrowDown", 3);
  field.key("ArrowDown", 3);
  assertEquals(field.text, "");
  assertEquals(field.key("ArrowDown", 0), false);
});
