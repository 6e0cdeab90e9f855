import { STRANGER } from "../../../lib/domain/asker.ts";
import { assert, assertEquals } from "@std/assert";
import { CHAT_COMMANDS } from "../../../lib/service/chat/commands/mod.ts";
import { ChatRoom, settle } from "../../support/chat_room.ts";
import { FakeMember } from "../../support/fake_member.ts";
import { draftOf } from "../../support/room_events.ts";

Deno.test("/help lists every command, and explains lines that begin with a slash", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  jack.say("/help");
  const lines = await jack.read();
  assertEquals(lines.length, CHAT_COMMANDS.length + 1);
  CHAT_COMMANDS.forEach(({ usage, summary }, index) => {
    assert(lines[index].startsWith(`* ${usage} `) && lines[index].endsWith(`  ${summary}`));
  });
  assertEquals(
    lines.at(-1),
    "* Anything else is said in the room. Start with // to say a line beginning with /.",
  );
});

Deno.test("/help explains one command, with or without its slash", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  const lines = [
    "* /nick NAME: change your name.",
    "* Names have 1 to 32 letters, digits, _ - or .",
  ];
  await jack.ask("/help nick", ...lines);
  await jack.ask("/help /NICK", ...lines);
  await jack.ask("/help me", "* /me TEXT: say what you are doing: /me waves.");
  await jack.ask("/help dance", "! There is no command /dance. /help lists them.");
});

Deno.test("/help has a word, a usage and a summary for every command", () => {
  for (const { name, usage, summary } of CHAT_COMMANDS) {
    assert(usage === `/${name}` || usage.startsWith(`/${name} `), usage);
    assert(/^[a-z].*[^.]$/.test(summary), summary);
  }
  assertEquals(new Set(CHAT_COMMANDS.map(({ name }) => name)).size, CHAT_COMMANDS.length);
});

Deno.test("Every command that needs an argument explains its syntax", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  const wrong: Record<string, string[]> = {
    nick: ["/nick"],
    join: ["/join", "/join  "],
    msg: ["/msg", "/msg ann", "/msg ann  "],
    reply: ["/reply"],
    me: ["/me", "/me   "],
    history: [
      "/history many",
      "/history 0",
      "/history 5 before",
      "/history before x",
      "/history -1",
    ],
    quote: ["/quote", "/quote x", "/quote #", "/quote 1 2"],
  };
  for (const [name, lines] of Object.entries(wrong)) {
    const { usage, summary } = CHAT_COMMANDS.find((command) => command.name === name)!;
    for (const line of lines) {
      await jack.ask(line, `! Usage: ${usage} (${summary})`);
    }
  }
});

Deno.test("/nick changes the name, and tells all rooms", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  jack.say("/join tea");
  await settle();
  bob.say("/join tea");
  await settle();
  for (const guest of [jack, ann, bob]) await guest.read();
  await jack.ask("/nick john", "* You are john.");
  await ann.expect("* jack is now john");
  await bob.expect("#lobby * jack is now john", "* jack is now john");
  await jack.ask("hello");
  await bob.expect("<john> hello");
  await jack.ask("/who", "* In #tea: john, bob");
  await jack.ask("/nick john", "* You are already john.");
  await ann.expect();
});

Deno.test("/nick is an event of its own kind, with the old and the new name", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/nick john", "* You are john.");
  const [{ kind, from, body }] = await chat.log.read("lobby", 1, 1);
  assertEquals([kind, from, body], ["nick", "jack", "john"]);
});

Deno.test("/nick is shown to people who ignore either name", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.say("/ignore jack", "/ignore john");
  await ann.read();
  jack.say("/nick john", "hello");
  await ann.expect("* jack is now john");
});

Deno.test("/nick releases the old name", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/nick john", "* You are john.");
  await chat.enter("jack");
  await jack.ask(
    "/nick JACK",
    "! The name JACK is in use, or looks like one that is. Try JACK2.",
  );
});

Deno.test("/nick keeps the old name if the new one is refused", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/nick ann", "! The name ann is in use, or looks like one that is. Try ann2.");
  await jack.ask("/nick a b", "! Names may contain only letters, digits, _ - and .");
  await jack.ask("/nick help", "! The name help is reserved. Choose another.");
  await jack.ask("/nick jack", "* You are already jack.");
  await ann.expect();
  await jack.ask("still me");
  await ann.expect("<jack> still me");
  await jack.ask("/nick Jack", "* You are Jack.");
  await ann.expect("* jack is now Jack");
});

Deno.test("/join joins a room, or switches to it", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
  await ann.ask("/join #tea", "* You are in #tea with jack.");
  await jack.expect("* ann joined");
  await jack.ask("/join Lobby", "* You are now talking in #lobby.");
  await jack.ask("hello");
  await ann.expect("#lobby <jack> hello");
});

Deno.test("/join says which rule a room's name breaks", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/join two words", "! Room names may contain only letters, digits, _ - and .");
  await jack.ask("/join #", "! Room names cannot be empty.");
  await jack.ask(
    `/join ${"r".repeat(65)}`,
    "! Room names may have at most 64 characters; this one has 65.",
  );
});

Deno.test("/leave leaves this room or another one", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say("/join tea", "/join milk");
  await jack.read();
  await jack.ask("/leave tea", "* You left #tea. You are now talking in #milk.");
  await jack.ask("/leave", "* You left #milk. You are now talking in #lobby.");
  await jack.ask(
    "/leave #LOBBY",
    "* You left #lobby. You are not in any room. Join one with /join ROOM.",
  );
  await ann.expect("* jack left");
  const nowhere = "! You are not in any room. Join one with /join ROOM.";
  for (
    const line of [
      "/leave",
      "hello",
      "/me waves",
      "/topic",
      "/topic tea",
      "/who",
      "/history",
      "/quote 1",
    ]
  ) {
    await jack.ask(line, nowhere);
  }
  await jack.ask("/leave tea", "! You are not in #tea.");
  await jack.ask("/join lobby", "* You are in #lobby with ann.");
});

Deno.test("/rooms lists the busiest rooms first, then empty ones", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  jack.say("/join old", "/topic long ago", "/leave", "/join tea", "/topic green");
  await chat.clock.advance(1000);
  bob.say("/join empty", "/leave");
  await chat.clock.advance(1000);
  ann.say("/join tea");
  for (const guest of [jack, ann, bob]) await guest.read();
  await bob.ask(
    "/rooms",
    "* #lobby  3 people",
    "* #tea  2 people: green",
    "* #empty  nobody, 2 events",
    "* #old  nobody, 3 events: long ago",
  );
  await ann.leave();
  jack.say("/leave");
  await settle();
  bob.forget();
  await bob.ask(
    "/rooms",
    "* #lobby  2 people",
    "* #tea  nobody, 5 events: green",
    "* #empty  nobody, 2 events",
    "* #old  nobody, 3 events: long ago",
  );
});

Deno.test("/rooms says when there are more empty rooms than it lists", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  const join = (room: string) =>
    jack.ask(`/join ${room}`, `* You are in #${room}. Nobody else is here yet.`);
  const leave = (room: string) =>
    jack.ask(`/leave ${room}`, `* You left #${room}. You are now talking in #lobby.`);
  for (let room = 0; room < 50; room++) {
    await join(`r${room}`);
    await leave(`r${room}`);
  }
  const lastLine = async () => {
    jack.say("/rooms");
    return (await jack.read()).at(-1);
  };
  assertEquals((await lastLine())?.startsWith("* #r"), true);
  await join("more");
  await leave("more");
  assertEquals(await lastLine(), "* ... and more that nobody is in");
});

Deno.test("/who shows how long people have been idle", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  chat.clock.tick(59_000);
  await jack.ask("/who", "* In #lobby: jack, ann, bob");
  jack.say("hello");
  ann.say("/away lunch");
  await settle();
  chat.clock.tick(5 * 60_000);
  bob.say("/msg jack psst");
  await settle();
  await bob.read();
  await bob.ask("/who", "* In #lobby: jack (idle 5m), ann (away: lunch, idle 5m), bob");
  chat.clock.tick(50 * 3_600_000);
  await bob.ask(
    "/who",
    "* In #lobby: jack (idle 2d), ann (away: lunch, idle 2d), bob (idle 2d)",
  );
});

Deno.test("/who lists the people in a room, and who is away", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await jack.ask("/who", "* In #lobby: jack, ann, bob");
  ann.say("/away");
  bob.say("/away having tea", "/join tea");
  await settle();
  await jack.ask("/who #Lobby", "* In #lobby: jack, ann (away), bob (away: having tea)");
  await jack.ask("/who tea", "* In #tea: bob (away: having tea)");
  await jack.ask("/who nowhere", "! Nobody is in #nowhere. /rooms lists the rooms.");
  await jack.ask("/who a b", "! Room names may contain only letters, digits, _ - and .");
});

Deno.test("/who lists twenty names on a line, and five hundred in all", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  for (let number = 0; number < 600; number++) {
    await chat.registry.membership.join(new FakeMember(`m${number}`), "lobby", () => {});
  }
  await jack.read();
  jack.say("/who");
  const lines = await jack.read();
  assertEquals(lines.length, 26);
  assertEquals(lines[0].split(", ").length, 20);
  assert(lines[0].startsWith("* In #lobby: jack, m0, m1, "), lines[0]);
  assert(lines[1].startsWith("*   m19, m20, "), lines[1]);
  assertEquals(lines[25], "*   and 101 more");
});

Deno.test("/me says what the person is doing", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/me  waves at  all ");
  await ann.expect("* jack waves at  all");
});

Deno.test("/topic shows, sets and clears the topic", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/topic", "* #lobby has no topic. /topic TEXT sets one.");
  await jack.ask("/topic tea and  cake", "* jack set the topic: tea and  cake");
  await ann.expect("* jack set the topic: tea and  cake");
  await ann.ask("/topic", "* Topic of #lobby: tea and  cake");
  await ann.ask("/topic -", "* ann cleared the topic");
  await jack.expect("* ann cleared the topic");
  await jack.ask("/topic", "* #lobby has no topic. /topic TEXT sets one.");
});

Deno.test("/topic is kept after the last member has left", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  jack.say("/join tea", "/topic green", "/leave");
  await jack.read();
  assertEquals(chat.registry.find("tea"), undefined);
  await jack.ask(
    "/join tea",
    "* Topic of #tea: green",
    "* jack set the topic: green",
    "* You are in #tea. Nobody else is here yet.",
  );
});

Deno.test("/quote shows a line to everybody again", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say("hello", "/me waves");
  await ann.read();
  await ann.ask("/quote #3", "* You quoted #3 <jack> hello");
  await jack.expect("<ann> > #3 <jack> hello");
  await jack.ask("/quote 4", "* You quoted #4 * jack waves");
  await ann.expect("<jack> > #4 * jack waves");
  for (const seq of ["99", "0", "#100000000000000"]) {
    const shown = seq.replace("#", "");
    await jack.ask(
      `/quote ${seq}`,
      `! #lobby has no #${shown}. /history shows the numbers.`,
    );
  }
});

Deno.test("/quote quotes only lines of the current room", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  jack.say("one", "two", "/join tea");
  await jack.read();
  await jack.ask("/quote 3", "! #tea has no #3. /history shows the numbers.");
});

Deno.test("/quote takes a line of another room, as searches and alerts name it", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  chat.registry.record(STRANGER, "log", [
    draftOf("log", "disk full", { kind: "log", from: "web1" }),
  ]);
  await chat.registry.settled();
  for (const reference of ["log#1", "#Log#1"]) {
    await jack.ask(`/quote ${reference}`, "* You quoted log#1 web1| disk full");
    await ann.expect("<jack> > log#1 web1| disk full");
  }
  await jack.ask("/quote lobby#3", "* You quoted #3 <jack> > log#1 web1| disk full");
  await jack.ask("/quote log#2", "! #log has no #2. /history shows the numbers.");
  await jack.ask("/quote lgo#2", "! There is no room #lgo. /rooms lists the rooms.");
  await jack.ask("/quote a/b#2", "! Room names may contain only letters, digits, _ - and .");
});

Deno.test("/quit leaves all rooms with a last word", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  jack.say("/join tea");
  ann.say("/join tea");
  await jack.read();
  await ann.read();
  await jack.ask("/quit  see you  soon ", "* Goodbye.");
  assert(jack.hasEnded);
  await ann.expect("#lobby * jack left (see you  soon)", "* jack left (see you  soon)");
  jack.say("am I still here?");
  await ann.expect();
});
