import { redactionDraft } from "../../lib/domain/redaction.ts";
import { assertEquals, assertMatch } from "@std/assert";
import type { AlertRule } from "../../lib/alert/alert_rule.ts";
import { Webhook } from "../../lib/alert/webhook.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { HookServer } from "../support/hook_server.ts";
import { until } from "../support/patience.ts";
import { RecordedLog } from "../support/recorded_log.ts";
import { eventOf } from "../support/room_events.ts";

function setUp(server: HookServer, rule: Partial<AlertRule> = {}) {
  const recorded = new RecordedLog("info");
  const clock = new FakeClock();
  const url = new URL(`http://127.0.0.1:${server.port}/secret`);
  const whole: AlertRule = {
    name: "disk",
    query: "full",
    allowPrivate: true,
    everyMs: 1000,
    ...rule,
  };
  const webhook = new Webhook(whole, url, { clock });
  const send = (seq: number, count = 1) => webhook.send({ count, event: eventOf(seq) });
  const logged = () =>
    recorded.lines.map((line) => line.replace(/^\S+ /, "").replace(/ alert=.*/, ""));
  const dispose = () => recorded[Symbol.dispose]();
  return { clock, webhook, send, logged, port: server.port, [Symbol.dispose]: dispose };
}

/** Waits until this many lines are logged, some turns of the event loop after the response. */
function untilLogged(logged: () => string[], count: number): Promise<void> {
  return until(`the log has ${count} lines`, () => logged().length >= count);
}

Deno.test("Webhook.send() posts a sighting", async () => {
  await using server = new HookServer();
  using scene = setUp(server);
  const { webhook, send, logged } = scene;
  send(7);
  await server.until(1);
  const { alert, query, count, text, event } = JSON.parse(server.posted[0].body);
  assertEquals([alert, query, count, text], [
    "disk",
    "full",
    1,
    "Alert disk: lobby#7 <ann> lobby 7",
  ]);
  assertEquals([event.room, event.seq, event.body], ["lobby", 7, "lobby 7"]);
  // The next one is sent once this one was accepted.
  send(8);
  await server.until(2);
  assertEquals(logged(), []);
  await webhook.close();
});

Deno.test("Webhook.send() joins sightings that come during a delivery", async () => {
  await using server = new HookServer();
  using scene = setUp(server);
  const { webhook, send } = scene;
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.push(promise);
  send(1);
  await server.until(1);
  send(2, 5);
  send(3);
  resolve(new Response());
  await server.until(2);
  const { count, event } = JSON.parse(server.posted[1].body);
  assertEquals([count, event.seq], [6, 3]);
  await webhook.close();
});

Deno.test("Webhook.send() tries four times, and logs failures without the path", async () => {
  await using server = new HookServer();
  using scene = setUp(server);
  const { clock, webhook, send, logged, port } = scene;
  server.answers.push(...[503, 500, 429, 502].map((status) => new Response("", { status })));
  send(1);
  for (const [attempt, ms] of [1000, 5000, 25_000].entries()) {
    await server.until(attempt + 1);
    await untilLogged(logged, attempt + 1);
    await clock.advance(ms - 1);
    assertEquals(server.posted.length, attempt + 1);
    await clock.advance(1);
  }
  await server.until(4);
  await untilLogged(logged, 4);
  await clock.advance(600_000);
  assertEquals(server.posted.length, 4);
  const to = `alert disk to 127.0.0.1:${port}: the response was`;
  assertEquals(logged(), [
    `info alert: Cannot deliver yet ${to} 503`,
    `info alert: Cannot deliver yet ${to} 500`,
    `info alert: Cannot deliver yet ${to} 429`,
    `warning alert: Cannot deliver ${to} 502`,
  ]);
  await webhook.close();
});

Deno.test("Webhook.send() continues with the next sighting after a permanent failure", async () => {
  await using server = new HookServer();
  using scene = setUp(server);
  const { webhook, send, logged } = scene;
  server.answers.push(new Response("", { status: 404 }));
  send(1);
  await untilLogged(logged, 1);
  send(2);
  await server.until(2);
  assertEquals(JSON.parse(server.posted[1].body).event.seq, 2);
  assertMatch(logged()[0], /^warning alert: Cannot deliver alert disk .* the response was 404$/);
  await webhook.close();
});

Deno.test("Webhook refuses private addresses unless the rule allows them", async () => {
  await using server = new HookServer();
  using scene = setUp(server, { allowPrivate: false });
  const { webhook, send, logged } = scene;
  send(1);
  await untilLogged(logged, 1);
  assertMatch(logged()[0], /127\.0\.0\.1 is not a public internet address/);
  assertEquals(server.posted, []);
  await webhook.close();
});

Deno.test("Webhook.close() aborts an attempt or the wait for one", async () => {
  await using server = new HookServer();
  {
    using scene = setUp(server);
    const { webhook, send, logged } = scene;
    const { promise, resolve } = Promise.withResolvers<Response>();
    server.answers.push(promise);
    send(1);
    await server.until(1);
    await webhook.close();
    assertMatch(logged()[0], /^warning alert: Cannot deliver .*: the server is stopping$/);
    resolve(new Response());
  }
  {
    using scene = setUp(server);
    const { webhook, send, logged } = scene;
    server.answers.push(new Response("", { status: 503 }));
    send(1);
    await untilLogged(logged, 1);
    await webhook.close();
    assertEquals(server.posted.length, 2);
    assertMatch(logged()[1], /^warning alert: Cannot deliver .*: the server is stopping$/);
  }
});

Deno.test("Webhook.redact() changes what has not been delivered, also between two attempts", async () => {
  await using server = new HookServer();
  using scene = setUp(server);
  const { clock, webhook, send, logged } = scene;
  server.answers.push(new Response("", { status: 503 }));
  send(1);
  await untilLogged(logged, 1);
  send(2);
  for (const [seq, of] of [[8, 1], [9, 2]]) {
    webhook.redact([eventOf(seq, redactionDraft({ room: "lobby", from: "mia", of, why: "" }))]);
  }
  await clock.advance(1000);
  await server.until(3);
  const texts = server.posted.map(({ body }) => JSON.parse(body).text);
  assertEquals(texts, [
    "Alert disk: lobby#1 <ann> lobby 1",
    "Alert disk: lobby#1 <ann> (redacted by mia)",
    "Alert disk: lobby#2 <ann> (redacted by mia)",
  ]);
  await webhook.close();
});
