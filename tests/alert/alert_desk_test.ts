import { assertEquals } from "@std/assert";
import { AlertDesk } from "../../lib/alert/alert_desk.ts";
import type { AlertRule } from "../../lib/alert/alert_rule.ts";
import type { Draft } from "../../lib/domain/room_event.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { HookServer } from "../support/hook_server.ts";
import { eventOf } from "../support/room_events.ts";

function setUp(...rules: Partial<AlertRule>[]) {
  const clock = new FakeClock();
  const drafts: Draft[] = [];
  const desk = new AlertDesk({
    rules: rules.map((rule, index) => ({
      name: `a${index}`,
      query: "x",
      allowPrivate: true,
      everyMs: 60_000,
      ...rule,
    })),
    sequencer: { submit: (draft) => drafts.push(draft), settled: () => Promise.resolve() },
    clock,
  });
  const see = (query: number, seq: number, count = 1) =>
    desk.see({ query, count, event: eventOf(seq) });
  const told = () => drafts.map(({ room, body }) => `${room}: ${body}`);
  return { clock, desk, see, told };
}

Deno.test("AlertDesk.see() tells the room of the alert that matched", () => {
  const { see, told } = setUp({ room: "ops" }, { room: "tea" });
  see(1, 5);
  see(0, 6);
  assertEquals(told(), [
    "tea: Alert a1: lobby#5 <ann> lobby 5",
    "ops: Alert a0: lobby#6 <ann> lobby 6",
  ]);
});

Deno.test("AlertDesk.see() tells the first match of a burst at once, and counts the others", async () => {
  const { clock, desk, told } = setUp({ room: "ops" });
  desk.see({ query: 0, count: 4, first: eventOf(1), event: eventOf(7) });
  assertEquals(told(), ["ops: Alert a0: lobby#1 <ann> lobby 1"]);
  desk.see({ query: 0, count: 2, first: eventOf(8), event: eventOf(9) });
  await clock.advance(60_000);
  assertEquals(told().slice(1), ["ops: Alert a0, 5 times, the latest: lobby#9 <ann> lobby 9"]);
});

Deno.test("AlertDesk.see() limits each alert separately", async () => {
  const { clock, see, told } = setUp({ room: "ops" }, { room: "tea", everyMs: 1000 });
  for (let seq = 1; seq <= 5; seq++) {
    see(0, seq);
    see(1, seq);
    await clock.advance(400);
  }
  assertEquals(told(), [
    "ops: Alert a0: lobby#1 <ann> lobby 1",
    "tea: Alert a1: lobby#1 <ann> lobby 1",
    "tea: Alert a1, 2 times, the latest: lobby#3 <ann> lobby 3",
    "tea: Alert a1, 2 times, the latest: lobby#5 <ann> lobby 5",
  ]);
  await clock.advance(60_000);
  assertEquals(told()[4], "ops: Alert a0, 4 times, the latest: lobby#5 <ann> lobby 5");
});

Deno.test("AlertDesk.see() tells both room and webhook", async () => {
  await using server = new HookServer();
  const { desk, see, told } = setUp({
    room: "ops",
    webhook: new URL(`http://127.0.0.1:${server.port}/`),
  });
  see(0, 5, 3);
  await server.until(1);
  assertEquals(JSON.parse(server.posted[0].body).count, 3);
  assertEquals(told().length, 1);
  await desk.close();
});

Deno.test("AlertDesk.close() reports matches held back", async () => {
  const { desk, see, told } = setUp({ room: "ops" });
  see(0, 1);
  see(0, 2);
  await desk.close();
  assertEquals(told()[1], "ops: Alert a0: lobby#2 <ann> lobby 2");
});
