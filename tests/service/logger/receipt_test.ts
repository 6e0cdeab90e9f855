import { assert, assertEquals, assertMatch } from "@std/assert";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { LoggerScene, receiptOf } from "./logger_scene.ts";

/** `count` different lines. */
function linesOf(count: number, tag = "line"): string[] {
  return Array.from({ length: count }, (_, number) => `${tag} ${number + 1}`);
}

Deno.test("Logger sends a receipt for no lines", async () => {
  await using scene = new LoggerScene();
  const nothing = "stored 0 lines in log sha256=" +
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  assertEquals(await scene.pour(""), [nothing]);
  assertEquals(await scene.pour("@build\n"), [nothing]);
});

Deno.test("Logger sends a receipt over exactly its stored lines, with or without others between them", async () => {
  await using scene = new LoggerScene();
  const [a, b] = [scene.connect(), scene.connect()];
  a.send("@a", "a1");
  await a.until(() => scene.printed.includes("a1"));
  b.send("@b", "b1", "é\ufffd");
  await b.until(() => scene.printed.includes("b1"));
  a.send("a2");
  assertMatch((await a.finish())[0], /^stored 2 lines as #1-#4 in log /);
  assertEquals(a.lines, [(await receiptOf(["a1", "a2"])).replace("#1-#2", "#1-#4")]);
  assertEquals(await b.finish(), [
    (await receiptOf(["b1", "é\ufffd"])).replace("#1-#2", "#2-#3"),
  ]);
  assertEquals(await scene.read(), ["a| a1", "b| b1", "b| é\ufffd", "a| a2"]);
});

Deno.test("Logger sends a receipt after @receipt once nothing has arrived for a second", async () => {
  const clock = new FakeClock();
  await using scene = new LoggerScene({ clock });
  const peer = scene.connect();
  peer.send("one", "two", "@receipt");
  await peer.until(() => scene.printed.length === 3);
  await clock.advance(999);
  assertEquals(peer.lines, []);
  await clock.advance(1);
  assertEquals(await peer.read(1), [await receiptOf(["one", "two"])]);
  // It is sent once per request; the next one covers all lines again.
  peer.send("three");
  await peer.until(() => scene.printed.length === 4);
  await clock.advance(5000);
  assertEquals(peer.lines.length, 1);
  peer.send("@receipt");
  await settle();
  await clock.advance(1000);
  assertEquals(await peer.read(1), [await receiptOf(["one", "two", "three"])]);
});

Deno.test("Logger sends the receipt requested before the lines, once they pause", async () => {
  const clock = new FakeClock();
  await using scene = new LoggerScene({ clock });
  const peer = scene.connect();
  peer.send("@receipt", "one");
  await peer.until(() => scene.printed.length === 2);
  await clock.advance(600);
  peer.send("two");
  await peer.until(() => scene.printed.length === 3);
  await clock.advance(600);
  assertEquals(peer.lines, []);
  await clock.advance(400);
  assertEquals(await peer.read(1), [await receiptOf(["one", "two"])]);
});

Deno.test("Logger takes @receipt for a log line if more arrives right after it", async () => {
  const clock = new FakeClock();
  await using scene = new LoggerScene({ clock });
  const peer = scene.connect();
  peer.send("one", "@receipt", "two", "@receipt");
  await peer.until(() => scene.printed.includes("two"));
  await clock.advance(999);
  peer.send("three");
  await peer.until(() => scene.printed.includes("three"));
  const lines = ["one", "@receipt", "two", "@receipt", "three"];
  assertEquals(await peer.finish(), [await receiptOf(lines)]);
});

Deno.test("Logger acknowledges every N lines, with the number of the last of them", async () => {
  await using scene = new LoggerScene();
  const lines = linesOf(10);
  assertEquals(await scene.pour(`@build\n@ack 3\n${lines.join("\n")}\n`), [
    "ack #3",
    "ack #6",
    "ack #9",
    await receiptOf(lines),
  ]);
});

Deno.test("Logger acknowledges the same however the lines arrive", async () => {
  await using scene = new LoggerScene();
  const peer = scene.connect();
  peer.sendText("@ack 2\n");
  for (const line of linesOf(7)) {
    peer.sendText(`${line}\n`);
    await peer.until(() => scene.printed.includes(line));
  }
  const answers = await peer.finish();
  assertEquals(answers.slice(0, 3), ["ack #2", "ack #4", "ack #6"]);
});

Deno.test("Logger stores lines unchanged, so a receipt is the hash of the file", async () => {
  await using scene = new LoggerScene();
  const lines = ["e\u0301 decomposed", "\u00e9 composed", "\u1112\u1161\u11ab \u212b \ufb01"];
  const text = lines.map((line) => `${line}\n`).join("");
  assertEquals(await scene.pour(`@build\n${text}`), [await receiptOf(lines)]);
  assertEquals((await scene.stored()).map(({ body }) => body), lines);
  assertEquals(await scene.pour(`@build\n@resume #0\n${text}`), [
    "resume #0",
    await receiptOf(lines),
  ]);
  assertEquals((await scene.stored()).length, lines.length);
});

Deno.test("Logger acknowledges only lines, and only the sender's own", async () => {
  await using scene = new LoggerScene();
  const other = scene.connect();
  other.send("other 1", "other 2");
  await other.until(() => scene.printed.includes("other 2"));
  // Each bad line has a gap after it.
  const bytes = Uint8Array.of(...new TextEncoder().encode("@ack 2\n"), 0xff, 10, 97, 10, 98, 10);
  assertEquals((await scene.pour(bytes)).slice(0, 1), ["ack #5"]);
  await other.vanish();
});

Deno.test("Logger acknowledges nothing before it is on disk", async () => {
  await using scene = new LoggerScene();
  const gate = Promise.withResolvers<void>();
  scene.log.beforeStoring = () => gate.promise;
  const peer = scene.connect();
  peer.send("@ack 1", "one");
  peer.end();
  await settle();
  assertEquals(peer.lines, []);
  gate.resolve();
  assertEquals(await peer.finish(), ["ack #1", await receiptOf(["one"])]);
});

Deno.test("Logger sends every acknowledgement to a sender that reads late", async () => {
  await using scene = new LoggerScene({ outboxBytes: 4096 });
  const peer = scene.connect();
  peer.pause();
  const lines = linesOf(5000);
  peer.sendText(`@ack 1\n${lines.join("\n")}\n`);
  peer.end();
  await settle(20);
  peer.resume();
  const answers = await peer.finish();
  assertEquals(answers.length, 5001);
  assertEquals(answers.slice(0, -1), lines.map((_, index) => `ack #${index + 1}`));
  assertEquals(answers.at(-1), await receiptOf(lines));
});

Deno.test("Logger does not count lines that could not be stored, and records them once it can", async () => {
  await using scene = new LoggerScene();
  const peer = scene.connect();
  peer.send("@build", "one");
  await peer.until(() => scene.printed.includes("one"));
  await scene.registry.settled();
  scene.log.isFull = true;
  peer.send("two", "three");
  const [told] = await peer.read(1);
  assertEquals(
    told,
    "! Lines could not be stored; the server's disk may be full. " +
      "They are lost; the receipt says how many.",
  );
  peer.send("four");
  await peer.until(() => scene.printed.includes("four"));
  await scene.registry.settled();
  scene.log.isFull = false;
  peer.send("five");
  assertEquals((await peer.finish()).slice(1), [
    await receiptOf(["one", "five"]),
    "! 3 lines could not be stored and are not counted. Send them again.",
  ]);
  assertEquals(await scene.read(), [
    "build| one",
    "build| five",
    "* gap: 3 lines from build could not be stored, and were lost",
  ]);
  assertEquals((await scene.stored())[2].fields, { reason: "refused", lines: 3 });
});

Deno.test("Logger disconnects a sender that waits for acknowledgements when lines cannot be stored", async () => {
  await using scene = new LoggerScene();
  const peer = scene.connect();
  peer.send("@build", "@ack 1", "one");
  assertEquals(await peer.read(1), ["ack #1"]);
  scene.log.isFull = true;
  peer.send("two");
  await peer.until(() => peer.hasEnded);
  assertEquals(peer.lines.slice(1), [
    "! Lines could not be stored; the server's disk may be full. " +
    "Send again what was not acknowledged.",
  ]);
  scene.log.isFull = false;
  assert(!(await scene.read()).includes("build| two"));
});

Deno.test("Logger says goodbye only to senders that got an answer before", async () => {
  // What a sender does not read hides our end from it, and it would go on sending.
  for (const [lines, goodbye] of [[["one"], []], [["@ack 1", "one"], ["ack #1", "* stopping"]]]) {
    await using scene = new LoggerScene();
    const peer = scene.connect();
    peer.send(...lines);
    await scene.advance(200);
    const stopped = peer.session.stop("* stopping");
    await scene.advance(2000);
    await stopped;
    assertEquals(await peer.finish(), goodbye);
  }
});
