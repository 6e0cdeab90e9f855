import { assertEquals } from "@std/assert";
import { itemForKey } from "../../../lib/web/page/menu.ts";

const LABELS = ["Message bob", "Ignore bob", "Kick bob…", "Mute bob…", "Ban bob…"];

Deno.test("itemForKey() moves with the arrow keys, wrapping around, and to both ends", () => {
  assertEquals(itemForKey("ArrowDown", 0, LABELS), 1);
  assertEquals(itemForKey("ArrowDown", 4, LABELS), 0);
  assertEquals(itemForKey("ArrowUp", 0, LABELS), 4);
  assertEquals(itemForKey("ArrowRight", 1, LABELS), 2);
  assertEquals(itemForKey("ArrowLeft", 1, LABELS), 0);
  assertEquals(itemForKey("Home", 3, LABELS), 0);
  assertEquals(itemForKey("End", 1, LABELS), 4);
});

Deno.test("itemForKey() moves to the next item that begins with a letter", () => {
  assertEquals(itemForKey("b", 0, LABELS), 4);
  assertEquals(itemForKey("M", 0, LABELS), 3);
  assertEquals(itemForKey("m", 3, LABELS), 0);
  assertEquals(itemForKey("k", 2, LABELS), 2);
  for (const key of ["x", " ", "Enter", "F5", "Shift"]) {
    assertEquals(itemForKey(key, 0, LABELS), undefined, key);
  }
});
