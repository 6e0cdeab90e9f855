import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { nameKey } from "../../../lib/domain/name.ts";
import { LineClient } from "../../support/line_client.ts";
import { WebScene } from "../../support/web_scene.ts";

Deno.test("WebSession welcomes a client and lets it into the lobby", async () => {
  await using scene = new WebScene();
  const ann = await scene.open();
  ann.send({ type: "hello", name: "ann", ref: 7 });
  const welcome = await ann.next();
  assertEquals(
    { ...welcome, session: "", version: "", at: "", commands: [] },
    {
      type: "welcome",
      ref: 7,
      name: "ann",
      session: "",
      version: "",
      at: "",
      limits: { bodyBytes: 16_384, bodyLines: 200, messageBytes: 65_536, rooms: 50 },
      commands: [],
    },
  );
  const who = welcome.commands.find(({ name }: { name: string }) => name === "who");
  assertEquals(who, {
    name: "who",
    usage: "/who [ROOM]",
    summary: "list the people in this room or another",
  });
  assertEquals(await ann.next(), {
    type: "joined",
    ref: 7,
    room: "lobby",
    topic: "",
    lastSeq: 0,
    count: 1,
    members: [{ name: "ann", via: "web" }],
    resumed: false,
    events: [],
  });
  assertEquals(await ann.next(), { type: "live" });
});

Deno.test("WebSession shares rooms with line clients: talk, names, members, private messages", async () => {
  await using scene = new WebScene();
  const bob = await LineClient.enter(scene.linePort, "bob", { atOnce: true });
  const ann = await scene.enter("ann");
  await bob.expect("* ann joined\r\n");

  ann.send({ type: "say", room: "lobby", body: "hello lines", ref: "a" });
  await bob.expect("<ann> hello lines\r\n");
  const [own] = await ann.hear("hello lines");
  assertEquals(own, {
    id: 3,
    room: "lobby",
    seq: 3,
    at: "2026-11-21T06:30:00.000Z",
    kind: "message",
    from: "ann",
    body: "hello lines",
    via: "web",
  });
  assertEquals(await ann.next("said"), { type: "said", ref: "a", room: "lobby", seq: 3 });

  await bob.send("hello web");
  const [theirs] = await ann.hear("hello web");
  assertEquals([theirs.from, theirs.via], ["bob", "tcp"]);

  await bob.send("/msg ann psst");
  const secret = await ann.next("private");
  assertEquals([secret.from, secret.to, secret.body, secret.ref], [
    "bob",
    "ann",
    "psst",
    undefined,
  ]);
  const sent = await ann.ask({ type: "private", to: "bob", body: "what?" });
  assertEquals([sent.type, sent.from, sent.to, sent.body], ["private", "ann", "bob", "what?"]);
  await bob.expect("ann -> you: what?\r\n");

  await bob.send("/who");
  await bob.expect("* In #lobby: bob, ann\r\n");
  assertEquals(await ann.command("/who", "lobby"), ["* In #lobby: bob, ann"]);
  const newcomer = await scene.open();
  newcomer.send({ type: "hello", name: "BOB" });
  const refusal = await newcomer.next();
  assertEquals([refusal.type, refusal.code], ["error", "name-in-use"]);
  await bob.close();
});

Deno.test("WebSession accepts another hello after a refused name", async () => {
  await using scene = new WebScene();
  const client = await scene.open();
  for (
    const [hello, code] of [
      [{ name: "a b" }, "bad-name"],
      [{ name: "server" }, "name-reserved"],
      [{ name: 5 }, "bad-message"],
      [{}, "bad-message"],
      [{ name: "ann", rooms: "lobby" }, "bad-message"],
    ] as const
  ) {
    assertEquals((await client.ask({ type: "hello", ...hello })).code, code);
  }
  assertEquals(
    (await client.ask({ type: "say", room: "lobby", body: "x" })).text,
    "Say hello first.",
  );
  assertEquals((await client.ask({ type: "hello", name: "ann" })).type, "welcome");
  await client.next("live");
  assertEquals((await client.ask({ type: "hello", name: "eve" })).code, "bad-message");
});

Deno.test("WebSession enters every room of a hello that can be entered", async () => {
  await using scene = new WebScene();
  const ann = await scene.open();
  ann.send({
    type: "hello",
    name: "ann",
    rooms: [{ room: "#one" }, { room: "t w o" }, { room: "three" }],
  });
  assertEquals((await ann.next("joined")).room, "one");
  assertEquals((await ann.next()).code, "bad-name");
  assertEquals((await ann.next()).room, "three");
  assertEquals((await ann.next()).type, "live");
  const list = await ann.ask({ type: "rooms" });
  assertEquals(list.rooms, [
    { room: "one", topic: "", lastSeq: 1, count: 1 },
    { room: "three", topic: "", lastSeq: 1, count: 1 },
  ]);
});

Deno.test("WebSession joins and leaves rooms, and explains refusals", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const bob = await scene.enter("bob", "ops");
  const joined = await ann.ask({ type: "join", room: "OPS" });
  assertEquals([joined.room, joined.members.length], ["ops", 2]);
  await ann.next("live");
  assertEquals((await ann.ask({ type: "join", room: "ops" })).type, "joined");
  assertEquals(await ann.ask({ type: "leave", room: "ops" }).then(({ type }) => type), "left");
  assertEquals((await ann.ask({ type: "leave", room: "ops" })).code, "not-in-room");
  assertEquals((await ann.ask({ type: "say", room: "ops", body: "x" })).code, "not-in-room");
  assertEquals((await ann.ask({ type: "join", room: "a/b" })).code, "bad-name");
  bob.send({ type: "say", room: "ops", body: "gone?" });
  await bob.hear("gone?");
  bob.send({ type: "say", room: "ops", body: "yes" });
  await bob.hear("yes");
  const heard = ann.messages.filter(({ type, room }) => type === "events" && room === "ops")
    .flatMap(({ events }) => events).map(({ body }) => body);
  assert(!heard.includes("gone?"));
});

Deno.test("WebSession says several lines as one message, which costs as much as they", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  ann.send({ type: "say", room: "lobby", body: "one\r\n\rtwo\u2028 three\n\n" });
  assertEquals((await ann.hear("one\n\ntwo\n three"))[0].body, "one\n\ntwo\n three");
  ann.send({ type: "say", room: "lobby", body: "waves\ntwice", kind: "action" });
  assertEquals((await ann.hear("waves\ntwice"))[0].kind, "action");
  const commands = [
    ["/me x\ny", "done"],
    ["/msg nobody one\ntwo", "no-such-person"],
    ["/topic a\nb", "bad-message"],
    [`/topic ${"x".repeat(4100)}`, "too-long"],
    [`/me ${"x\n".repeat(300)}y`, "too-long"],
  ];
  for (const [line, outcome] of commands) {
    const { type, code } = await ann.ask({ type: "command", room: "lobby", line });
    assertEquals(code ?? type, outcome, line.slice(0, 40));
  }
});

Deno.test("WebSession says actions, and refuses an invalid body", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  ann.send({ type: "say", room: "lobby", body: "waves", kind: "action" });
  assertEquals((await ann.hear("waves"))[0].kind, "action");
  ann.send({ type: "say", room: "lobby", body: "/who" });
  assertEquals((await ann.hear("/who"))[0].kind, "message");
  for (
    const [fields, code] of [
      [{ body: "" }, "bad-message"],
      [{ body: "\n\r\n" }, "bad-message"],
      [{ body: "x\n".repeat(200) + "y" }, "too-long"],
      [{ body: "\ud800" }, "bad-message"],
      [{ body: 5 }, "bad-message"],
      [{ body: "x", kind: "join" }, "bad-message"],
      [{ body: "x", room: 3 }, "bad-message"],
      [{ body: "é".repeat(8193) }, "too-long"],
    ] as const
  ) {
    const answer = await ann.ask({ type: "say", room: "lobby", ...fields });
    assertEquals([answer.type, answer.code], ["error", code], JSON.stringify(fields));
  }
  ann.send({ type: "say", room: "lobby", body: "é".repeat(8192) });
  assertEquals((await ann.next("said")).seq, 4);
});

Deno.test("WebSession keeps text as it is, in NFC, with controls, markup and quotes", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const bodies = [
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    '\u001b[31m\u0000\u202e"\\',
    "javascript:alert(1)",
    "👩‍👩‍👧 e\u0301",
  ];
  for (const body of bodies) ann.send({ type: "say", room: "lobby", body });
  const events = await ann.hear(...bodies.map((body) => body.normalize("NFC")));
  assertEquals(events.length, bodies.length);
});

Deno.test("WebSession runs commands and sends their effects as messages", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const bob = await scene.enter("bob");
  await scene.advance(1000);
  assertEquals(await ann.command("/topic lunch", "lobby"), []);
  assertEquals((await bob.hear("lunch"))[0].kind, "topic");
  assertEquals(await ann.command("/nick anna", "lobby"), ["* You are anna."]);
  assert(ann.messages.some(({ type, name }) => type === "named" && name === "anna"));
  const [renamed] = await bob.hear("anna");
  assertEquals([renamed.kind, renamed.from, renamed.body], ["nick", "ann", "anna"]);
  await scene.advance(1000);
  const change = await bob.next("membersChanged");
  assertEquals(change, {
    type: "membersChanged",
    room: "lobby",
    count: 2,
    joined: [{ name: "anna", via: "web" }],
    left: ["ann"],
  });
  assertEquals(await ann.command("/me waves", "lobby"), []);
  await bob.hear("waves");
  assertEquals(await ann.command("/msg bob hi", "lobby"), []);
  assertEquals((await bob.next("private")).body, "hi");
  assertEquals(await bob.command("/reply ho"), []);
  assertEquals(await ann.command("/join ops"), []);
  assert(ann.messages.some(({ type, room }) => type === "joined" && room === "ops"));
  assertEquals(await ann.command("/history 1", "lobby").then(([line]) => line.slice(0, 4)), "* #5");
  assertEquals(await ann.command("/set colour on"), [
    "! Use Settings at the bottom left.",
  ]);
  assertStringIncludes((await ann.command("/whoo"))[0], "Did you mean /who?");
  assertStringIncludes((await ann.command("/topic"))[0], "You are not in any room.");
  assertEquals((await ann.ask({ type: "command", line: "hello" })).code, "bad-message");
  ann.send({ type: "command", line: "/quit bye all" });
  assertEquals((await ann.next("bye")).text, "Goodbye.");
  assertEquals(await ann.ended, 1000);
  assertEquals(scene.chat.people.find(nameKey("anna")), undefined);
});

Deno.test("WebSession hides messages from ignored people", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  const bob = await scene.enter("bob");
  const eve = await scene.enter("eve");
  await ann.command("/ignore eve", "lobby");
  eve.send({ type: "say", room: "lobby", body: "spam" });
  await bob.hear("spam");
  bob.send({ type: "say", room: "lobby", body: "fine" });
  await ann.hear("fine");
});

Deno.test("WebSession answers malformed messages and continues", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  for (
    const text of [
      "hello",
      "{",
      "[]",
      "null",
      "5",
      "{}",
      '{"type":5}',
      '{"type":"dance"}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":"toString"}',
      `{"type":"ping","ref":"${"x".repeat(65)}"}`,
      '{"type":"history","room":"lobby","limit":0}',
      '{"type":"history","room":"lobby","limit":1.5}',
      '{"type":"history","room":"lobby","before":-1}',
      '{"type":"history","room":"lobby","before":1,"after":1}',
    ]
  ) {
    ann.sendText(text);
    const answer = await ann.next("error");
    assertEquals(answer.code, "bad-message", text);
  }
  assertEquals((await ann.ask({ type: "history", room: "nowhere" })).code, "no-such-room");
  const pong = await ann.ask({ type: "ping" });
  assertEquals(pong.type, "pong");
});

Deno.test("WebSession answers history of any room, and search if there is one", async () => {
  await using scene = new WebScene({
    search: {
      search(request) {
        const { query, room, before, limit, context } = request;
        const said = JSON.stringify({ query, room, before, limit, context });
        const event = { id: 9, room: "lobby", seq: 3, at: 0, from: "x", body: said };
        return Promise.resolve({
          hits: [{
            event: { ...event, kind: "message" },
            snippet: [{ text: said, isMatch: true }],
            before: [],
            after: [],
          }],
          next: 9,
        });
      },
    },
  });
  const ann = await scene.enter("ann", "ops");
  for (const body of ["one", "two", "three"]) ann.send({ type: "say", room: "ops", body });
  await ann.hear("one", "two", "three");
  const bob = await scene.enter("bob");
  const history = await bob.ask({ type: "history", room: "OPS", before: 4, limit: 1 });
  assertEquals(
    { ...history, ref: 0, events: history.events.map(({ body }: { body: string }) => body) },
    { type: "history", ref: 0, room: "ops", after: 2, before: 4, lastSeq: 4, events: ["two"] },
  );
  const found = await bob.ask({ type: "search", query: "disk", room: "#ops", limit: 3 });
  assertEquals(found.next, 9);
  assertEquals(
    found.hits[0].snippet[0].text,
    '{"query":"disk","room":"ops","limit":3,"context":0}',
  );
  assertEquals(found.hits[0].event.at, "1970-01-01T00:00:00.000Z");
  assertEquals((await bob.ask({ type: "search", query: "x", limit: 101 })).code, "bad-message");

  await using plain = new WebScene();
  const eve = await plain.enter("eve");
  assertEquals((await eve.ask({ type: "search", query: "x" })).code, "unavailable");
});

Deno.test("WebSession reports which lines could not be stored", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  ann.send({ type: "say", room: "lobby", body: "kept", ref: 1 });
  assertEquals((await ann.next("said")).ref, 1);
  scene.log.isFull = true;
  ann.send({ type: "say", room: "lobby", body: "lost", ref: 2 });
  const refusal = await ann.next("error");
  assertEquals([refusal.ref, refusal.code], [2, "not-stored"]);
  scene.log.isFull = false;
  ann.send({ type: "say", room: "lobby", body: "kept too", ref: 3 });
  assertEquals((await ann.next("said")).ref, 3);
});

Deno.test("WebSession gives receipts only for a say with a ref", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann");
  ann.send({ type: "command", line: "/me waves", room: "lobby" });
  ann.send({ type: "say", room: "lobby", body: "one", ref: "one" });
  ann.send({ type: "command", line: "/quote 2", room: "lobby" });
  ann.send({ type: "say", room: "lobby", body: "two", ref: "two" });
  await ann.hear("waves", "one", "> #2 * ann waves", "two");
  const said = ann.messages.filter(({ type }) => type === "said");
  while (said.length < 2) said.push(await ann.next("said"));
  assertEquals(said.map(({ ref, seq }) => [ref, seq]), [["one", 3], ["two", 5]]);
});

Deno.test("WebSession folds a flood of log lines, which history returns line by line", async () => {
  await using scene = new WebScene();
  const ann = await scene.enter("ann", "ops");
  const drafts = Array.from({ length: 200 }, (_, index) => ({
    room: "ops",
    kind: "log" as const,
    from: "make",
    body: `line ${index}`,
    origin: 1,
  }));
  await scene.registry.post(STRANGER, drafts);
  // HTTP shows the lines at once; members see them when the fold is complete.
  assertEquals((await scene.json("/api/rooms/ops/messages/201")).body.body, "line 199");
  assertEquals((await ann.ask({ type: "history", room: "ops" })).lastSeq, 1);
  await scene.advance(2000);
  const latest = Array.from({ length: 10 }, (_, index) => `line ${190 + index}`);
  const [fold] = await ann.hear("... 190 lines, #2-#191", ...latest);
  assertEquals([fold.kind, fold.from, fold.seq], ["log", "make", 191]);
  assertEquals(fold.fields, { folded: 190, first: 2, last: 191 });
  const history = await ann.ask({ type: "history", room: "ops", after: 1, limit: 200 });
  assertEquals([history.lastSeq, history.events.length], [201, 200]);
});
