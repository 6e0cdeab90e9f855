import { assertEquals } from "@std/assert";
import { announcementOf } from "../../../lib/web/page/announcement.ts";
import { FoldingState } from "../../../lib/web/page/folding_state.ts";
import { addLevels, countLevels, levelCountTexts } from "../../../lib/web/page/log_level.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";

function event(seq: number, kind: EventJson["kind"] = "log", from = "web"): EventJson {
  return { id: seq, room: "ops", seq, at: "2026-11-21T06:30:00.000Z", kind, from, body: "x" };
}

function lines(first: number, last: number, from = "web"): EventJson[] {
  return Array.from({ length: last - first + 1 }, (_, at) => event(first + at, "log", from));
}

const AT_END = { isAtBottom: true, isAtEnd: true };
const SCROLLED = { isAtBottom: false, isAtEnd: true };

Deno.test("FoldingState keeps what is on the screen when somebody talks, and folds it far above", () => {
  const folding = new FoldingState();
  const past = [event(1, "message"), ...lines(2, 300), event(301, "message"), ...lines(302, 340)];
  // When the room is opened, what is before the last message may be folded.
  assertEquals(folding.update(past, AT_END), 302);
  const talk = [...past, event(341, "message"), ...lines(342, 360)];
  assertEquals(folding.update(talk, AT_END), 302);
  assertEquals(folding.update([...talk, ...lines(361, 500)], AT_END), 401);
});

Deno.test("FoldingState folds nothing more while the user is not at the end", () => {
  const folding = new FoldingState();
  const past = [event(1, "message"), ...lines(2, 300)];
  assertEquals(folding.update(past, AT_END), 201);
  const later = [...past, ...lines(301, 900)];
  assertEquals(folding.update(later, SCROLLED), 201);
  assertEquals(folding.update(later, AT_END), 801);
});

Deno.test("FoldingState does not count joins and parts among the latest", () => {
  const folding = new FoldingState();
  const joins = Array.from({ length: 200 }, (_, at) => event(301 + at, "join"));
  assertEquals(folding.update([event(1, "message"), ...lines(2, 300), ...joins], AT_END), 201);
});

Deno.test("FoldingState keeps a long run open whose beginning is loaded while the user is in it", () => {
  const folding = new FoldingState();
  const run = [...lines(1001, 1200, "a"), ...lines(1201, 1400, "b"), event(1401, "message")];
  folding.update(run, AT_END);
  folding.update([event(900, "message"), ...lines(901, 1000), ...run], SCROLLED);
  assertEquals([...folding.unfolded], [1200, 1400]);
  // A short run was folded already.
  const short = new FoldingState();
  short.update(run.slice(300), AT_END);
  short.update(run, SCROLLED);
  assertEquals([...short.unfolded], []);
});

Deno.test("FoldingState keeps a run open whose end is loaded while the user is in it", () => {
  const folding = new FoldingState();
  const position = { isAtBottom: false, isAtEnd: false };
  const run = [event(1, "message"), ...lines(2, 50)];
  folding.update(run, position);
  folding.update([...run, ...lines(51, 60), event(61, "message")], position);
  assertEquals([...folding.unfolded], [2]);
});

Deno.test("FoldingState begins anew when the room is opened again", () => {
  const folding = new FoldingState();
  folding.update([event(1, "message"), ...lines(2, 20)], AT_END);
  folding.reopened();
  assertEquals(folding.update([...lines(2, 20), event(21, "message")], AT_END), 22);
});

Deno.test("levelCountTexts() names the most severe level first, whatever a program calls it", () => {
  const levels = ["info", "Error", "info", "FATAL", undefined, "warn", "loud"];
  const events = levels.map((level, at) => ({ ...event(at + 1), fields: level ? { level } : {} }));
  const counts = countLevels(events);
  assertEquals(levelCountTexts(counts).map(({ text, severity }) => `${text} ${severity}`), [
    "1 crit severe",
    "1 err severe",
    "1 warning warning",
    "2 info plain",
  ]);
  assertEquals(addLevels(counts, { crit: 1, info: 1, debug: 2 }, -1), {
    err: 1,
    warning: 1,
    info: 1,
  });
});

Deno.test("announcementOf() counts the lines of a flood", () => {
  const fields = { folded: 390, first: 1, last: 390 };
  const fold = { ...event(390), body: "... 390 lines, #1-#390", fields };
  assertEquals(announcementOf([fold, ...lines(391, 400)]), "400 log lines.");
});
