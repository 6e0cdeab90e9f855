import { assertEquals } from "@std/assert";
import { ComposerModel } from "../../../lib/web/page/composer_model.ts";

const CONTEXT = {
  commands: [
    { name: "who", usage: "/who", summary: "x" },
    { name: "whois", usage: "/whois", summary: "x" },
  ],
  names: ["ann", "anna", "bob"],
  rooms: ["lobby"],
};

function modelOf(...history: string[]): ComposerModel {
  return new ComposerModel({ draft: "", history, context: () => CONTEXT });
}

/** Types a text, with the caret at its end. */
function type(model: ComposerModel, text: string): void {
  model.typed(text, text.length);
}

Deno.test("ComposerModel.key() moves through the list, wrapping around, and accepts a completion", () => {
  const model = modelOf();
  type(model, "/w");
  assertEquals(model.key("ArrowDown", 2), true);
  assertEquals(model.chosen, 1);
  model.key("ArrowDown", 2);
  assertEquals(model.chosen, 0);
  model.key("ArrowUp", 2);
  assertEquals(model.key("Enter", 2), true);
  assertEquals([model.text, model.caret, model.completions], ["/whois ", 7, undefined]);
});

Deno.test("ComposerModel.key() does not handle Enter after a complete command", () => {
  const model = modelOf();
  type(model, "/who");
  assertEquals(model.key("Enter", 4), false);
  type(model, "/wh");
  assertEquals(model.key("Enter", 3), true);
  assertEquals(model.text, "/who ");
});

Deno.test("ComposerModel.key() does not handle Enter after a lone @", () => {
  const model = modelOf();
  type(model, "@");
  assertEquals(model.key("Enter", 1), false);
});

Deno.test("ComposerModel.key() completes a name on Tab, and cycles through the matches", () => {
  const model = modelOf();
  type(model, "hello an");
  model.key("Tab", 8);
  assertEquals(model.text, "hello ann ");
  model.key("Tab", 10);
  assertEquals(model.text, "hello anna ");
  model.key("Tab", 11);
  assertEquals(model.text, "hello ann ");
  type(model, "hello x");
  assertEquals(model.key("Tab", 7), false);
  type(model, "");
  assertEquals(model.key("Tab", 0), false);
});

Deno.test("ComposerModel.key() closes the list on Escape, once", () => {
  const model = modelOf();
  type(model, "@a");
  assertEquals(model.key("Escape", 2), true);
  assertEquals(model.key("Escape", 2), false);
});

Deno.test("ComposerModel.key() recalls the input history from an empty field only", () => {
  const model = modelOf("one", "two");
  type(model, "x");
  assertEquals(model.key("ArrowUp", 1), false);
  type(model, "");
  model.key("ArrowUp", 0);
  assertEquals(model.text, "two");
  model.key("ArrowUp", 3);
  model.key("ArrowUp", 3);
  assertEquals(model.text, "one");
  model.key("ArrowDown", 3);
  model.key("ArrowDown", 3);
  assertEquals(model.text, "");
  assertEquals(model.key("ArrowDown", 0), false);
});
