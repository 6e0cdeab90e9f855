/** Transcripts of renamed rooms. */

import { assertEquals } from "@std/assert";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";

async function skip(...guests: Guest[]): Promise<void> {
  await settle();
  for (const guest of guests) guest.forget();
}

/** A room #ops of ann, with bob and eve in it. */
async function open() {
  const chat = new ChatRoom();
  const ann = await chat.logIn("ann", { room: "ops" });
  ann.say("/room register");
  await settle();
  const bob = await chat.logIn("bob", { room: "ops" });
  const eve = await chat.enter("eve");
  eve.say("/join ops");
  await skip(ann, bob, eve);
  return { chat, ann, bob, eve, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

const RENAMED = "* ann renamed this room: it is now called #duty.";

Deno.test("/rename moves everybody in a room to one of the new name", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve } = scene;
  await ann.ask("/topic Who is on call", "* ann set the topic: Who is on call");
  await skip(ann, bob, eve);
  await bob.ask("/rename duty", "! Only the owner of #ops may do that. Ask ann.");
  await ann.ask("/rename", "! Usage: /rename NAME [REASON] (give this room another name)");
  await ann.ask("/rename duty", RENAMED, "* Done.");
  await bob.expect(RENAMED);
  bob.say("hello");
  await eve.expect(RENAMED, "<bob> hello");
  await ann.expect("<bob> hello");
  await eve.ask("/topic", "* Topic of #duty: Who is on call");
  await ann.ask("/mute eve", "* ann muted eve in #duty.", "* Done. /undo #3 takes it back.");
  const zoe = await chat.enter("zoe");
  await zoe.ask(
    "/join ops",
    "* #ops is #duty now.",
    "* Topic of #duty: Who is on call",
    "* ann set the topic: Who is on call",
    "* This room was called #ops. Earlier messages are in #ops.",
    "<bob> hello",
    "* ann muted eve in #duty.",
    "* You are in #duty with ann, bob, eve.",
  );
  await zoe.ask("/join ops", "* #ops is #duty now.", "* You are now talking in #duty.");
});

Deno.test("/rename can change only the capitals of a name, and the room stays the same", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve } = scene;
  bob.say("one");
  await skip(ann, bob, eve);
  const told = "* ann renamed #ops to #Ops.";
  await ann.ask("/rename Ops", told, "* Done.");
  await bob.expect(told);
  await bob.ask("/topic", "* #Ops has no topic. /topic TEXT sets one.");
  const zoe = await chat.enter("zoe");
  await zoe.ask(
    "/join OPS",
    "* ann became the owner of #ops.",
    "<bob> one",
    told,
    "* You are in #Ops with ann, bob, eve.",
  );
  assertEquals((await chat.log.room("ops"))?.name, "Ops");
});

Deno.test("/rename tells the current name if somebody else was quicker", async () => {
  await using scene = await open();
  const { ann, bob, eve } = scene;
  ann.say("/grant bob owner");
  await skip(ann, bob, eve);
  ann.say("/rename duty");
  bob.say("/rename calls");
  await bob.expect(RENAMED, "! #ops is #duty now.");
});

Deno.test("/rename does not advise registering a room that cannot be renamed", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  await ann.ask(
    "/rename hall",
    "! The server itself uses #lobby, so no room can be renamed from or to it.",
  );
});

Deno.test("/rooms shows where former names lead", async () => {
  await using scene = await open();
  const { ann, eve } = scene;
  await ann.ask("/topic Who is on call", "* ann set the topic: Who is on call");
  ann.say("/rename duty");
  await skip(ann, eve);
  await eve.ask(
    "/rooms",
    "* #lobby  3 people",
    "* #duty  3 people: Who is on call",
    "* #ops  is #duty now, 6 events",
  );
});

Deno.test("What was said under the old name stays there, for those who may read it", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve } = scene;
  bob.say("before");
  ann.say("/room private on", "/invite bob");
  await skip(ann, bob, eve);
  ann.say("/rename duty");
  await skip(ann, bob, eve);
  const { access } = chat;
  const reads = (room: string, name: string) => {
    const { member } = chat.chat.people.find(name)!;
    return access.mayRead(member, room);
  };
  assertEquals(["ops", "duty"].map((room) => reads(room, "bob")), [true, true]);
  assertEquals(["ops", "duty"].map((room) => reads(room, "eve")), [false, false]);
  const { member } = chat.chat.people.find("eve")!;
  assertEquals(access.unreadableBy(member).sort(), ["duty", "moderation", "ops"]);
  await eve.ask(
    "/join ops",
    "! #ops is private. Ask somebody who is in it for an invitation.",
  );
  await ann.ask("/redact ops#5", "* You redacted #5 by bob in #ops.");
});

Deno.test("Settings of a room without an owner hold in the next one until everybody has left", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const bob = await chat.enter("bob");
  ann.say("/join tea", "/room moderated on");
  await settle();
  bob.say("/join tea");
  await skip(ann, bob);
  ann.say("/rename coffee");
  await skip(ann, bob);
  await bob.ask("hello", "! #coffee is moderated: only those with a voice may speak. Ask ann.");
  await bob.ask(
    "/join tea",
    "* ann made #tea moderated: only people with a role may speak.",
    "* ann renamed this room: it is now called #coffee.",
    "* You are in #tea. Nobody else is here yet.",
  );
  await bob.ask("hello");
  await ann.ask("/leave", "* You left #coffee. You are now talking in #lobby.");
  bob.say("/leave coffee");
  await skip(ann, bob);
  await bob.ask(
    "/join coffee",
    "* This room was called #tea. Earlier messages are in #tea.",
    "* You are in #coffee. Nobody else is here yet.",
  );
  await bob.ask("hello");
});

Deno.test("A large room can be renamed once a minute", async () => {
  await using chat = new ChatRoom();
  const names = Array.from({ length: 51 }, (_, number) => `guest${number}`);
  const [ann, ...others] = await chat.enterAll("ann", ...names);
  for (const guest of [ann, ...others]) guest.say("/join tea");
  await skip(ann, ...others);
  ann.say("/rename coffee");
  await skip(ann, ...others);
  await ann.ask(
    "/rename cocoa",
    "! #coffee was renamed a moment ago. A room this large can be renamed once a minute.",
  );
  await chat.clock.advance(60_000);
  ann.say("/rename cocoa");
  assertEquals((await ann.read()).at(-1), "* Done.");
});

Deno.test("A name that leads to a registered room does so after a restart, too", async () => {
  await using scene = await open();
  const { chat, ann } = scene;
  ann.say("/rename duty", "/rename calls");
  await settle();
  const access = await AccessControl.open(chat.state);
  assertEquals(["ops", "duty", "calls", "other"].map((name) => access.currentName(name)), [
    ...["calls", "calls", "calls", "other"],
  ]);
  ann.say("/rename ops");
  await settle();
  const again = await AccessControl.open(chat.state);
  assertEquals(["ops", "duty", "calls"].map((name) => again.currentName(name)), [
    ...["ops", "ops", "ops"],
  ]);
  assertEquals(chat.access.rules("calls")?.roles, again.rules("ops")?.roles);
});
