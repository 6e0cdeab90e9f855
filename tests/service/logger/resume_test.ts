import { assertEquals, assertMatch } from "@std/assert";
import { STRANGER } from "../../../lib/domain/asker.ts";
import { redactionDraft } from "../../../lib/domain/redaction.ts";
import { sentence } from "../../../lib/service/chat/text/sentence.ts";
import { SeededRandom } from "../../support/random.ts";
import { draftOf } from "../../support/room_events.ts";
import { LoggerScene, receiptOf } from "./logger_scene.ts";

Deno.test("Logger skips lines that are sent again after @resume, and counts them as stored", async () => {
  await using scene = new LoggerScene();
  await scene.pour("@build\n1\n2\n3\n4\n5\n");
  const answers = await scene.pour("@build\n@resume #2\n@ack 2\n3\n4\n5\n6\n7\n");
  assertEquals(answers, [
    "resume #2",
    "ack #4",
    "ack #6",
    await receiptOf(["3", "4", "5", "6", "7"], { firstSeq: 3 }),
  ]);
  assertEquals(await scene.read(), ["1", "2", "3", "4", "5", "6", "7"].map((n) => `build| ${n}`));
});

Deno.test("Logger tells a sender without an acknowledgement where it begins", async () => {
  await using scene = new LoggerScene();
  await scene.pour("a\nb\n");
  assertEquals((await scene.pour("@build\n@resume\nc\n"))[0], "resume #2");
  assertEquals((await scene.pour("@build\n@resume #2\nc\nd\n"))[0], "resume #2");
  assertEquals((await scene.read()).slice(2), ["build| c", "build| d"]);
});

Deno.test("Logger skips no line of another sender, and none from before", async () => {
  await using scene = new LoggerScene();
  await scene.pour("@build\ntick\ntick\n");
  await scene.pour("@other\ntick\n");
  await scene.log.append([draftOf("log", "tick", { from: "build" })]);
  await scene.pour("@build\ntock\n");
  const answers = await scene.pour("@build\n@resume #3\ntock\ntick\n");
  assertMatch(answers[1], /^stored 2 lines as #5-#6 /);
  assertEquals((await scene.read()).slice(4), ["build| tock", "build| tick"]);
});

Deno.test("Logger stores everything from the first line on that differs from the stored ones", async () => {
  await using scene = new LoggerScene();
  await scene.pour("@build\n1\n2\n3\n");
  await scene.pour("@build\n@resume #1\n2\nx\n3\n");
  assertEquals((await scene.read()).slice(3), ["build| x", "build| 3"]);
});

Deno.test("Logger does not store a line again that has been redacted", async () => {
  await using scene = new LoggerScene();
  await scene.pour("@build\n1\nsecret\n3\n");
  scene.registry.record(STRANGER, "log", [
    redactionDraft({ room: "log", from: "mia", of: 2, why: "" }),
  ]);
  await scene.registry.settled();
  const answers = await scene.pour("@build\n@resume #0\n1\nsecret\n3\n5\n");
  const [, hash] = (await receiptOf(["1", "secret", "3", "5"])).split("sha256=");
  assertEquals(answers.at(-1), `stored 4 lines as #1-#5 in log sha256=${hash}`);
  const lines = [
    "build| 1",
    "build| (redacted by mia)",
    "build| 3",
    "* mia redacted #2",
    "build| 5",
  ];
  assertEquals((await scene.log.read("log", 0, 10)).map(sentence), lines);
});

Deno.test("Logger resumes across a restart, and among thousands of lines of others", async () => {
  const before = new LoggerScene();
  await before.pour("@build\n1\n2\n");
  for (let part = 0; part < 5; part++) {
    await before.pour(`@other\n${"noise\n".repeat(700)}`);
    await before.pour(`@build\n${part + 3}\n`);
  }
  await before[Symbol.asyncDispose]();
  await using scene = new LoggerScene({ log: before.log, firstOrigin: 2_000_000 });
  const answers = await scene.pour("@build\n@resume #1\n2\n3\n4\n5\n6\n7\n8\n");
  assertMatch(answers[1], /^stored 7 lines as #2-#3508 /);
  const own = (await scene.read()).filter((line) => line.startsWith("build|"));
  assertEquals(own, [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `build| ${number}`));
});

Deno.test("Logger with @resume uses the name as source, whatever the lines name", async () => {
  await using scene = new LoggerScene();
  const line = "<13>1 - host app - - - hello";
  await scene.pour(`@relay\n@ack 1\n${line}\n`);
  await scene.pour(`@relay\n@resume #0\n${line}\n${line}\n`);
  assertEquals(await scene.read(), ["relay| hello", "relay| hello"]);
});

Deno.test("Logger closes the sender's earlier connection on @resume, and stores no more of it", async () => {
  await using scene = new LoggerScene();
  const old = scene.connect();
  old.send("@build", "@ack 1", "1", "2");
  assertEquals(await old.read(2), ["ack #1", "ack #2"]);
  const fresh = scene.connect();
  fresh.send("@build", "@resume #1", "2", "3");
  assertEquals(await fresh.read(1), ["resume #1"]);
  await old.until(() => old.hasEnded);
  old.send("late");
  await fresh.finish();
  assertEquals(await scene.read(), ["build| 1", "build| 2", "build| 3"]);
});

Deno.test("Logger stores nothing of a connection that registers after a later one has resumed", async () => {
  await using scene = new LoggerScene();
  const [old, fresh] = [scene.connect(), scene.connect()];
  fresh.send("@build", "@resume", "1");
  assertEquals(await fresh.read(1), ["resume #0"]);
  old.send("@build", "@ack 1", "1");
  await old.until(() => old.hasEnded);
  await fresh.finish();
  assertEquals(await scene.read(), ["build| 1"]);
});

Deno.test("Logger stores no part of a line that its sender will send again, and records that", async () => {
  await using scene = new LoggerScene();
  await scene.pour("@build\n@ack 1\none\ntw");
  assertEquals(await scene.read(), [
    "build| one",
    "* gap: the last line from build had no end: 2 bytes were left out",
  ]);
  await scene.pour("@build\n@resume #1\ntwo\n");
  assertEquals((await scene.read()).slice(2), ["build| two"]);
});

Deno.test("Logger says why it cannot resume, and stores nothing", async () => {
  await using scene = new LoggerScene();
  assertEquals(await scene.pour("@resume #5\nx\n"), [
    "! @resume needs the name of the source. Send a line @NAME before it.",
  ]);
  assertEquals(await scene.pour("@build\n@resume #5\nx\n"), [
    "! #log has no #5, so nothing can be resumed after it.",
  ]);
  assertEquals(await scene.stored(), []);
});

Deno.test("Logger has every line once, wherever a sender was cut off and resumed", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new SeededRandom(seed);
    await using scene = new LoggerScene();
    const lines = Array.from({ length: 200 }, (_, number) => `${number % 7}`);
    let acknowledged = 0;
    let seq: number | undefined;
    for (let attempt = 1; acknowledged < lines.length; attempt++) {
      const peer = scene.connect();
      peer.send("@build", seq === undefined ? "@resume" : `@resume #${seq}`, "@ack 10");
      seq = Number((await peer.read(1))[0].slice("resume #".length));
      const text = lines.slice(acknowledged).map((line) => `${line}\n`).join("");
      // Cut off anywhere, even within a line, after any number of acknowledgements.
      const isLast = attempt === 20;
      const end = isLast ? text.length : random.int(text.length + 1);
      peer.sendText(text.slice(0, end));
      const due = Math.floor(text.slice(0, end).split("\n").length / 10);
      const wanted = 1 + random.int(due);
      if (isLast) await peer.finish();
      else if (due > 0) await peer.until(() => peer.lines.length >= wanted);
      await peer.vanish();
      for (const line of peer.lines) {
        const match = /^ack #(\d+)$/.exec(line);
        if (!match) continue;
        acknowledged += 10;
        seq = Number(match[1]);
      }
    }
    const stored = (await scene.stored()).filter(({ kind }) => kind === "log");
    assertEquals(stored.map(({ body }) => body).join(), lines.join(), `seed ${seed}`);
  }
});
