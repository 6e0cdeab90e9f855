import { assertEquals } from "@std/assert";
import { ChatRoom, settle } from "../../support/chat_room.ts";

/** Told once for each person whom a guest writes to. */
Deno.test("/msg reaches one person only, and is not stored", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await jack.ask("/msg ann hello  there", "-> ann: hello  there");
  await ann.expect("jack -> you: hello  there");
  await bob.expect();
  await jack.ask("/msg ANN again", "-> ann: again");
  const kinds = (await chat.log.read("lobby", 0, 100)).map(({ kind }) => kind);
  assertEquals(kinds, ["join", "join", "join"]);
});

Deno.test("/msg reports that there is nobody of that name", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask("/msg ann hello", "! Nobody here is called ann. /who lists names.");
  await jack.ask(
    "/msg jack hello",
    "! That is your own name. /msg NAME TEXT writes to somebody else.",
  );
});

Deno.test("/msg tells the sender if the recipient is not reading", async () => {
  await using chat = new ChatRoom({ outboxBytes: 4000 });
  const [jack, ann] = await chat.enterAll("jack", "ann");
  ann.pause();
  const text = "x".repeat(1000);
  jack.say(...Array.from({ length: 10 }, () => `/msg ann ${text}`));
  const lines = await jack.read();
  const refusal = "! ann is not reading at the moment. Nothing was delivered.";
  const delivered = lines.filter((line) => line === `-> ann: ${text}`).length;
  assertEquals(lines.filter((line) => line === refusal).length, 10 - delivered);
  ann.resume();
  assertEquals((await ann.read()).length, delivered);
});

Deno.test("/reply replies to the person who wrote last", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await ann.ask(
    "/reply hello",
    "! Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
  );
  jack.say("/msg ann one");
  await settle();
  bob.say("/msg ann two");
  await ann.expect("jack -> you: one", "bob -> you: two");
  await ann.ask("/reply three", "-> bob: three");
  await bob.expect("-> ann: two", "ann -> you: three");
  await jack.expect("-> ann: one");
});

Deno.test("/reply follows the person, not the name", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await jack.ask("/msg ann one", "-> ann: one");
  await jack.ask("/nick john", "* You are john.");
  const other = await chat.enter("jack");
  await ann.ask("/reply for john", "-> john: for john");
  await jack.expect("ann -> you: for john");
  await other.expect();

  await jack.leave();
  await chat.enter("john");
  ann.forget();
  await ann.ask("/reply a secret", "! john has left. /msg NAME TEXT writes to somebody else.");
});

Deno.test("/away is told to people who write, until the person is back", async () => {
  await using chat = new ChatRoom();
  const [jack, ann] = await chat.enterAll("jack", "ann");
  await ann.ask("/away", "* You are away. Type /away again when you're back.");
  await jack.ask("/msg ann hello", "-> ann: hello", "* ann is away.");
  await ann.expect("jack -> you: hello");
  await ann.ask(
    "/away having tea",
    "* You are away: having tea. Type /away again when you're back.",
  );
  await jack.ask("/msg ann hello", "-> ann: hello", "* ann is away: having tea.");
  await ann.expect("jack -> you: hello");
  await ann.ask("/away", "* You are back.");
  await jack.ask("/msg ann hello", "-> ann: hello");
});

Deno.test("/ignore hides messages, actions and private messages; again shows them", async () => {
  await using chat = new ChatRoom();
  const [jack, ann, bob] = await chat.enterAll("jack", "ann", "bob");
  await ann.ask("/ignore", "* You aren't ignoring anyone.");
  await ann.ask(
    "/ignore Jack",
    "* You are ignoring Jack. /ignore Jack again shows their messages.",
  );
  await ann.ask("/ignore", "* You are ignoring jack.");
  jack.say("hello", "/me waves", "/msg ann psst");
  await jack.expect("-> ann: psst");
  bob.say("hi");
  await ann.expect("<bob> hi");
  await bob.expect("<jack> hello", "* jack waves");
  await ann.ask(
    "/reply who?",
    "! Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
  );
  ann.say("/leave", "/join lobby");
  await ann.expect(
    "* You left #lobby. You are not in any room. Join one with /join ROOM.",
    "<bob> hi",
    "* You are in #lobby with jack, bob.",
  );
  await ann.ask("/ignore JACK", "* You are no longer ignoring JACK.");
  jack.say("and now?");
  await ann.expect("<jack> and now?");
});

Deno.test("/ignore says that nobody has the name, and ignores it all the same", async () => {
  await using chat = new ChatRoom();
  const [ann, jack] = await chat.enterAll("ann", "jack");
  await ann.ask(
    "/ignore zed",
    "* Nobody here is called zed at the moment. You are ignoring zed. /ignore zed again shows their " +
      "messages.",
  );
  const zed = await chat.enter("zed");
  zed.say("hello");
  await jack.expect("<zed> hello");
  await ann.expect();
  await ann.ask("/ignore zed", "* You are no longer ignoring zed.");
  // Somebody who has just left is known.
  jack.say("bye", "/quit");
  await ann.expect("<jack> bye", "* jack left");
  await ann.ask(
    "/ignore jack",
    "* You are ignoring jack. /ignore jack again shows their messages.",
  );
});

Deno.test("/ignore refuses the person's own name, bad names and too many", async () => {
  await using chat = new ChatRoom();
  const jack = await chat.enter("jack");
  await jack.ask(
    "/ignore JACK",
    "! That is your own name. /ignore NAME hides somebody else's messages.",
  );
  await jack.ask("/ignore a b", "! Names may contain only letters, digits, _ - and .");
  for (let number = 0; number < 100; number++) jack.say(`/ignore m${number}`);
  assertEquals((await jack.read()).length, 100);
  await jack.ask(
    "/ignore one-more",
    "! You are ignoring 100 names, which is the limit. Stop ignoring one first.",
  );
});
