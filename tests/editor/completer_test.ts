import { assertEquals } from "@std/assert";
import { listCandidates } from "../../lib/editor/completer.ts";

const words = (...texts: readonly string[]) => texts.map((text) => ({ text }));

Deno.test("listCandidates() fills columns from the top, as many as fit", () => {
  const list = words("/away", "/help", "/history", "/ignore", "/join", "/leave", "/me");
  assertEquals(listCandidates(list, 30), [
    "/away     /ignore   /me",
    "/help     /join",
    "/history  /leave",
  ]);
  assertEquals(listCandidates(list, 5), list.map(({ text }) => text));
  assertEquals(listCandidates(words("你好", "a"), 40), ["你好  a"]);
});

Deno.test("listCandidates() gives each labelled candidate a line of its own", () => {
  const list = [{ text: "#12", label: "#12 <jack> hello" }, { text: "#11" }];
  assertEquals(listCandidates(list, 80), ["#12 <jack> hello", "#11"]);
});

Deno.test("listCandidates() escapes control characters, and shows at most 60 candidates", () => {
  assertEquals(listCandidates([{ text: "#1", label: "a\x1b[2J" }], 80), ["a^[[2J"]);
  const many = words(...Array.from({ length: 1060 }, (_, index) => `name${index}`));
  const lines = listCandidates(many, 80);
  assertEquals(lines.at(-1), "... and 1,000 more");
  assertEquals(lines.length, 7);
});
