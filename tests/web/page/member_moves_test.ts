import { assertEquals } from "@std/assert";
import { memberMoves } from "../../../lib/web/page/member_moves.ts";
import type { EventJson } from "../../../lib/web/protocol.ts";

function told(...moves: readonly string[]): string {
  const events = moves.map((move, at): EventJson => {
    const [from, sign, body = ""] = move.split(/([+-])/);
    const kind = sign === "+" ? "join" : "part";
    return { id: at, room: "ops", seq: at, at: "", kind, from, body };
  });
  return memberMoves(events).map(({ names, verb }) => `${names.join(", ")} ${verb}`).join(" · ");
}

Deno.test("memberMoves() names together who did the same", () => {
  assertEquals(
    told("ann+", "bob+", "eva-", "jun-bye"),
    "ann, bob joined · eva left · jun left (bye)",
  );
});

Deno.test("memberMoves() tells only what became of somebody who came and went", () => {
  assertEquals(told("ann-", "ann+", "ann-", "ann+"), "ann left and came back");
  assertEquals(told("ann+", "ann-", "ann+"), "ann joined");
  assertEquals(told("ann+", "bob+", "ann-bye"), "ann joined and left (bye) · bob joined");
});
