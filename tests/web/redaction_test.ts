import { assertEquals } from "@std/assert";
import { STRANGER } from "../../lib/domain/asker.ts";
import { redactionDraft } from "../../lib/domain/redaction.ts";
import { readUntil } from "../support/read_until.ts";
import { WebScene } from "../support/web_scene.ts";

Deno.test("Every way to read over the web has the tombstone of a redacted event", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "tea");
  ann.send({ type: "say", room: "tea", body: "first" });
  ann.send({ type: "say", room: "tea", body: "secret" });
  await ann.hear("first", "secret");
  scene.registry.record(STRANGER, "tea", [
    redactionDraft({ room: "tea", from: "mia", of: 3, why: "rude" }),
  ]);
  await scene.registry.settled();
  const told = await ann.next("events");
  const [redaction] = told.events as Record<string, unknown>[];
  assertEquals([redaction.kind, redaction.body, redaction.fields], [
    "redaction",
    "rude",
    { of: "3" },
  ]);

  const fields = { redacted: "mia", redactedAt: redaction.at, why: "rude" };
  const isTombstone = (event: Record<string, unknown>) => {
    assertEquals([event.seq, event.from, event.kind], [3, "ann", "message"]);
    assertEquals([event.body, event.fields], ["", fields]);
  };
  const history = await ann.ask({ type: "history", room: "tea", around: 3 });
  isTombstone((history.events as Record<string, unknown>[]).find(({ seq }) => seq === 3)!);
  isTombstone((await scene.json("/api/rooms/tea/messages/3")).body);
  const { body: page } = await scene.json("/api/rooms/tea/messages?after=2&limit=1");
  isTombstone(page.events[0]);
  const late = await scene.open();
  late.send({ type: "hello", name: "bob", rooms: [{ room: "tea" }] });
  const { events } = await late.next("joined");
  isTombstone((events as Record<string, unknown>[]).find(({ seq }) => seq === 3)!);

  const exported = async (format: string) =>
    (await (await scene.fetch(`/api/rooms/tea/export?format=${format}`)).text())
      .split("\n").find((line) => /"seq":3\b|tea#3 |,tea,3,/.test(line))!.trimEnd();
  isTombstone(JSON.parse(await exported("jsonl")));
  assertEquals((await exported("text")).slice(25), "tea#3 <ann> (redacted by mia: rude)");
  assertEquals(
    (await exported("csv")).replace(/\d{4}-[^,"]+Z/g, "AT"),
    `3,tea,3,AT,message,ann,,"{""redacted"":""mia"",""redactedAt"":""AT"",""why"":""rude""}",web`,
  );
  const stream = await scene.fetch("/api/rooms/tea/stream?after=2");
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  const text = await readUntil(reader, "redaction");
  await reader.cancel();
  assertEquals([text.includes("secret"), text.includes('"redacted":"mia"')], [false, true]);
});
