import { assertEquals } from "@std/assert";
import { VisitMarks } from "../../../../lib/service/chat/terminal/visit_marks.ts";

Deno.test("VisitMarks prefers what was read on this visit to earlier ones", () => {
  const marks = new VisitMarks();
  marks.isKept = true;
  marks.recall(new Map([["lobby", 3], ["ops", 5]]));
  assertEquals(["lobby", "ops", "dev"].map((room) => marks.of(room)), [3, 5, Infinity]);
  marks.note("lobby", 7);
  assertEquals(["lobby", "ops", "dev"].map((room) => marks.of(room)), [7, 5, Infinity]);
  assertEquals([...marks.read], [["lobby", 7]]);
  assertEquals(marks.before.get("lobby"), 3);
});

Deno.test("VisitMarks keeps nothing for programs", () => {
  const marks = new VisitMarks();
  marks.recall(new Map([["lobby", 3]]));
  marks.note("lobby", 7);
  assertEquals([marks.of("lobby"), marks.read.size], [Infinity, 0]);
});

Deno.test("VisitMarks.forget() leaves nothing of an account", () => {
  const marks = new VisitMarks();
  marks.isKept = true;
  marks.recall(new Map([["ops", 5]]));
  marks.note("lobby", 7);
  marks.forget();
  assertEquals([marks.of("ops"), marks.of("lobby"), marks.read.size], [Infinity, Infinity, 0]);
});
