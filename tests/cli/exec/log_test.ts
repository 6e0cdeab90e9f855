import { assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { ExecRoom } from "../../support/exec_room.ts";
import { settle } from "../../support/chat_room.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";

const ANN = { name: "ann", account: "ann" };

const hashOf = (lines: readonly string[]) =>
  createHash("sha256").update(lines.map((line) => `${line}\n`).join("")).digest("hex");

/** Lines that differ, from number `first` up to, but not including, `end`. */
function numbered(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, index) => `line ${first + index}`);
}

/** What is stored in a room as log lines. */
async function stored(room: ExecRoom, name: string): Promise<string[]> {
  const events = await room.log.read(name, 0, 100_000);
  return events.filter(({ kind }) => kind === "log").map(({ body }) => body);
}

Deno.test("log stores every line, and answers with the receipt of the logger", async () => {
  await using room = new ExecRoom();
  const lines = numbered(0, 1000);
  for (const [end, input] of [["\n", `${lines.join("\n")}\n`], ["", lines.join("\n")]]) {
    const name = `build${end.length}`;
    assertEquals(await room.lines(`log ${name}`, { input }), [
      `stored 1000 lines as #1-#1000 in ${name} sha256=${hashOf(lines)}`,
    ]);
    assertEquals(await stored(room, name), lines);
  }
  assertEquals(await room.lines("log empty"), [
    `stored 0 lines in empty sha256=${hashOf([])}`,
  ]);
});

Deno.test("log names the source, and takes levels, fields and syslog apart", async () => {
  await using room = new ExecRoom();
  await room.addAccount("ann");
  const input = [
    "plain",
    `{"level":"error","msg":"oops","code":7}`,
    "<11>Nov 21 06:29:00 web1 nginx: down",
    "WARN: careful",
    "@other",
  ].join("\n");
  await room.lines("log ops", { input, identity: ANN });
  await room.lines("log ops --source ci/unit", { input: "x" });
  await room.lines("log ops --framing line", { input: "<11>x" });
  const events = await room.log.read("ops", 0, 10);
  assertEquals(events.map(({ from, body, via }) => [from, body, via]), [
    ["ann", "plain", "ssh"],
    ["ann", `{"level":"error","msg":"oops","code":7}`, "ssh"],
    ["web1/nginx", "down", "syslog"],
    ["ann", "WARN: careful", "ssh"],
    ["ann", "@other", "ssh"],
    ["ci/unit", "x", "ssh"],
    ["jack", "<11>x", "ssh"],
  ]);
  assertEquals(events.map(({ fields }) => fields?.level), [
    undefined,
    "err",
    "err",
    "warning",
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("log counts octets, and reads other encodings and zones", async () => {
  await using room = new ExecRoom();
  assertMatch(
    (await room.lines("log ops --framing octet", { input: "3 abc2 de" }))[0],
    /^stored 2 /,
  );
  const gbk = Uint8Array.of(0xc4, 0xe3, 0x0a);
  await room.lines("log ops --charset gbk", { input: gbk });
  await room.lines("log ops --zone Asia/Tokyo", { input: "<13>Nov 21 15:00:00 web1 x: y" });
  assertEquals(await stored(room, "ops"), ["abc", "de", "你", "y"]);
  assertEquals((await room.log.read("ops", 3, 1))[0].fields?.time, "2026-11-21T06:00:00Z");
});

Deno.test("log --framing raw stores text as it comes, without waiting for the end of a line", async () => {
  await using room = new ExecRoom();
  const console = room.start("log console --framing raw --charset latin1");
  console.send("login: ");
  await settle();
  assertEquals(await stored(room, "console"), ["login: "]);
  console.send("root\nPassword: ");
  await settle();
  assertEquals((await stored(room, "console")).slice(1), ["root", "Password: "]);
  console.interrupt();
  const { status, stdout } = await console.result();
  assertEquals([status, stdout.split(" sha")[0]], [130, "stored 3 lines as #1-#3 in console"]);
  const { status: refused, stderr } = await room.run("log console --framing raw --ack 5");
  assertEquals([refused, stderr.split("\n")[0]], [
    2,
    "Option --ack needs lines to count, which --framing raw does not have",
  ]);
});

Deno.test("log says what is not as it was sent", async () => {
  await using room = new ExecRoom();
  const cut = await room.run("log ops", { input: `${"x".repeat(70_000)}\nshort\n` });
  assertEquals([cut.status, cut.stderr], [1, "! 1 line had more than 65536 bytes: cut.\n"]);
  assertMatch(cut.stdout, /^stored 2 lines /);
  const repaired = await room.run("log ops", { input: Uint8Array.of(0x61, 0xff, 0x0a) });
  assertEquals([repaired.status, repaired.stderr], [
    0,
    "! 1 line had bytes that are not UTF-8: replaced.\n",
  ]);
  const gaps = (await room.log.read("ops", 0, 10)).filter(({ kind }) => kind === "gap");
  assertEquals(gaps.length, 2);
});

Deno.test("log gives a receipt for what it has read when it is stopped", async () => {
  await using room = new ExecRoom();
  const sender = room.start("log ops");
  sender.send("one\ntwo\nthr");
  await settle();
  sender.interrupt();
  const { status, stdout, stderr } = await sender.result();
  assertEquals([status, stdout, stderr], [
    130,
    `stored 2 lines as #1-#2 in ops sha256=${hashOf(["one", "two"])}\n`,
    "",
  ]);
});

Deno.test("log fails if a line cannot be stored", async () => {
  await using room = new ExecRoom();
  room.log.isFull = true;
  const { status, stdout, stderr } = await room.run("log ops", { input: "a\nb\n" });
  room.log.isFull = false;
  assertEquals([status, stdout.split(" sha")[0]], [1, "stored 0 lines in ops"]);
  assertEquals(stderr.split("\n"), [
    "! Lines could not be stored; the server's disk may be full. They are lost; the receipt says " +
    "how many.",
    "! 2 lines could not be stored and are not counted. Send them again.",
    "",
  ]);
});

Deno.test("log asks the rules of the room for who sends", async () => {
  await using room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "plans" });
  ann.say("/room register", "/room private on", "/join ops", "/room register", "/mute jack");
  await ann.read();
  for (const name of ["plans", "ops"]) {
    const { status, stdout, stderr } = await room.run(`log ${name} --source x`, { input: "a\n" });
    assertEquals([status, stdout], [1, ""], name);
    assertMatch(stderr, /^(There is no room #plans|You may not speak in #ops)/);
    assertEquals(await stored(room, name), []);
  }
  assertEquals((await room.run("log plans", { input: "a\n", identity: ANN })).status, 0);
});

Deno.test("log tells who is muted on the way, and stops", async () => {
  await using room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "ops" });
  ann.say("/room register");
  const sender = room.start("log ops --source ci");
  sender.send("one\n");
  await settle();
  ann.say("/mute ci");
  await settle();
  sender.send("two\n");
  await settle();
  await room.advance(2000);
  const { status, stdout, stderr } = await sender.result();
  assertEquals([status, stdout], [1, ""]);
  assertMatch(stderr, /^! You may not speak in #ops/);
  assertEquals(await stored(room, "ops"), ["one"]);
});

Deno.test("log --ack acknowledges lines, and --from goes on after them", async () => {
  await using room = new ExecRoom();
  const lines = numbered(0, 25);
  const sender = room.start("log ops --ack 10 --source ci");
  sender.send(`${lines.slice(0, 24).join("\n")}\nline 2`);
  assertEquals(await sender.read(), "ack #10\nack #20\n");
  await sender.vanish();
  assertEquals(await stored(room, "ops"), numbered(0, 24));
  const again = await room.run("log ops --ack 10 --source ci --from 20", {
    input: lines.join("\n"),
  });
  assertEquals([again.status, again.stderr], [0, ""]);
  const last = (await room.log.room("ops"))!.lastSeq;
  assertEquals(again.stdout.split("\n"), [
    "resume #20",
    `stored 5 lines as #21-#${last} in ops sha256=${hashOf(lines.slice(20))}`,
    "",
  ]);
  assertEquals(await stored(room, "ops"), lines);
});

Deno.test("log --from takes what the server knows, should an acknowledgement have been lost", async () => {
  await using room = new ExecRoom();
  const lines = numbered(0, 40);
  const input = lines.join("\n");
  await room.run("log ops --ack 10", { input: lines.slice(0, 30).join("\n") });
  const { status, stdout } = await room.run("log ops --ack 10 --from 10", { input });
  assertEquals([status, stdout.split("\n").slice(0, 2)], [0, ["resume #30", "ack #40"]]);
  assertEquals(await stored(room, "ops"), lines);
});

Deno.test("log --from refuses a count that the server does not know", async () => {
  await using room = new ExecRoom();
  await room.run("log ops --ack 10", { input: numbered(0, 15).join("\n") });
  const { status, stderr } = await room.run("log ops --ack 10 --from 11", { input: "x\n" });
  assertEquals([status, stderr], [
    1,
    "Only 10 lines of jack in #ops are known to be acknowledged. Use --from 10.\n",
  ]);
  const other = await room.run("log ops --ack 10 --from 5 --source x", { input: "x\n" });
  assertEquals([other.status, other.stderr], [
    1,
    "No acknowledged lines of x in #ops are known. Use the same room and " +
    "--source as before, or send all lines without --from.\n",
  ]);
  await room.addAccount("ann");
  const ann = await room.run("log ops --ack 10 --from 5 --source jack", {
    input: "x\n",
    identity: ANN,
  });
  assertEquals(ann.status, 1);
  assertEquals((await room.run("log ops --ack 10 --from 0 --source y", { input: "x" })).status, 0);
});

Deno.test("log --from 0 goes on with lines that were stored and never acknowledged", async () => {
  await using room = new ExecRoom();
  const lines = numbered(0, 12);
  const input = lines.join("\n");
  await room.run("log ops --ack 100", { input: "earlier\n" });
  const sender = room.start("log ops --ack 10");
  sender.send("line 0\nline 1\nline 2\n");
  await settle();
  await sender.vanish();
  assertEquals((await room.run("log ops --ack 10 --from 0", { input })).status, 0);
  assertEquals(await stored(room, "ops"), ["earlier", ...lines]);
  // Without --from, it is all sent for the first time.
  assertEquals((await room.run("log ops --ack 10", { input })).status, 0);
  assertEquals((await room.run("log ops --ack 10 --from 10", { input })).status, 0);
  assertEquals(await stored(room, "ops"), ["earlier", ...lines, ...lines]);
});

Deno.test("log --from says if the input ends before what is stored", async () => {
  await using room = new ExecRoom();
  await room.run("log ops --ack 10", { input: numbered(0, 10).join("\n") });
  const { status, stderr } = await room.run("log ops --ack 10 --from 10", { input: "line 0\n" });
  assertEquals([status, stderr], [
    1,
    "! The input ended 9 lines before the end of what is stored.\n",
  ]);
});

Deno.test("log loses and doubles nothing, wherever its connection breaks", async () => {
  const random = new SeededRandom(SEED);
  for (let round = 0; round < rounds(30, 1000); round++) {
    await using room = new ExecRoom();
    // Lines that are alike show lines that are lost or doubled in the wrong place.
    const lines = Array.from({ length: 200 }, () => `line ${random.int(3)}`);
    const input = lines.join("\n") + "\n";
    let acked = 0;
    for (let attempt = 0;; attempt++) {
      const ack = 1 + random.int(20);
      const sender = room.start(`log ops --source ci --ack ${ack} --from ${acked}`);
      const isLast = attempt === 6;
      const end = isLast ? input.length : random.int(input.length);
      for (let at = 0; at < end; at += 100) {
        sender.send(input.slice(at, Math.min(end, at + 100)));
        if (random.int(3) === 0) await settle();
      }
      if (isLast) sender.endInput();
      else await settle();
      if (isLast) {
        const { status, stderr } = await sender.result();
        assertEquals([status, stderr], [0, ""]);
        break;
      }
      await sender.vanish();
      // As a client counts that saw all that was said to it, or lost the end of it.
      const acks = sender.stdout.match(/^ack /gm) ?? [];
      acked += random.int(acks.length + 1) * ack;
    }
    assertEquals(await stored(room, "ops"), lines, `round ${round}`);
  }
});
