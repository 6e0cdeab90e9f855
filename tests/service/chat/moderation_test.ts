/** Transcripts of moderation: who may, who may not, and what everybody sees. */

import { assert, assertEquals } from "@std/assert";
import { AccessControl } from "../../../lib/domain/access/access_control.ts";
import { dayAndTime } from "../../../lib/domain/wording.ts";
import { completeLine } from "../../../lib/service/chat/terminal/completion.ts";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";

/** A room #ops of ann, with bob and the guest eve in it, and an operator in #moderation. */
async function open() {
  const chat = new ChatRoom();
  const ann = await chat.logIn("ann", { room: "ops" });
  await ann.ask(
    "/room register",
    "* ann became the owner of #ops.",
    "* Done. /undo #1 takes it back.",
  );
  const bob = await chat.logIn("bob", { room: "ops" });
  const eve = await chat.enter("eve");
  await eve.ask("/join ops", "* ann became the owner of #ops.", "* You are in #ops with ann, bob.");
  const root = await chat.logIn("root", { isOperator: true, room: "moderation" });
  const all = [ann, bob, eve, root];
  await settle();
  for (const guest of all) guest.forget();
  return {
    chat,
    ann,
    bob,
    eve,
    root,
    /** Skips what has been shown. */
    skip: async () => {
      await settle();
      for (const guest of all) guest.forget();
    },
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  };
}

const ASK_ANN = "! Only moderators of #ops may do that. Ask ann.";
const WHERE = "You are now talking in #lobby.";

async function refused(guest: Guest, refusals: Readonly<Record<string, string>>): Promise<void> {
  for (const [line, refusal] of Object.entries(refusals)) await guest.ask(line, refusal);
}

Deno.test("/kick sends somebody out, who may come back", async () => {
  await using scene = await open();
  const { ann, bob, eve, root } = scene;
  await refused(bob, {
    "/kick eve": ASK_ANN,
    "/kick": "! Usage: /kick NAME [REASON] (send somebody out of this room)",
  });
  await refused(ann, {
    "/kick zoe": "! Nobody here is called zoe. /who lists names.",
    "/kick root": "! root is not in #ops.",
    "/kick ann": "! That is you. /leave leaves a room.",
  });
  await ann.ask(
    "/kick EVE be nice",
    "* You kicked eve from #ops (be nice).",
    "* eve left (kicked by ann: be nice)",
  );
  await bob.expect("* eve left (kicked by ann: be nice)");
  await eve.expect(`* ann kicked you from #ops (be nice). /join ops brings you back. ${WHERE}`);
  await root.expect("* ann kicked eve from #ops (be nice).");
  await eve.ask(
    "/join ops",
    "* ann became the owner of #ops.",
    "* You are in #ops with ann, bob.",
  );
});

Deno.test("/ban keeps somebody out for a time, /bans lists bans, /unban ends them", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve, root } = scene;
  await refused(bob, { "/ban eve": ASK_ANN, "/unban eve": ASK_ANN, "/bans": ASK_ANN });
  const until = dayAndTime(chat.clock.now() + 7_200_000);
  Object.assign(eve.session.context, { address: "192.0.2.3" });
  await ann.ask(
    "/ban eve 2h spam",
    `* You banned eve from #ops until ${until} (spam). /undo #3 takes it back.`,
    "* eve has no account and can take another name. /ban eve +address bans the address, too.",
    "* eve left (banned by ann: spam)",
  );
  await bob.expect("* eve left (banned by ann: spam)");
  await eve.expect(`* ann banned you from #ops until ${until} (spam). ${WHERE}`);
  await root.expect(`* ann banned eve from #ops until ${until} (spam). /undo #3 undoes it.`);
  const banned = "! You are banned from #ops for 120 more min (spam). Ask ann.";
  await eve.ask("/join ops", banned);
  await ann.ask("/bans", `* banned: eve until ${until}, by ann (spam)`);
  await ann.ask("/unban eve", "* You lifted the ban of eve from #ops. /undo #4 takes it back.");
  await ann.ask("/unban eve", "! eve is not banned from #ops. /bans lists who is banned or muted.");
  await ann.ask("/bans", "* Nobody is banned from #ops or muted in it.");
  // A ban that ends needs no timer.
  await ann.ask("/undo #4", "* You undid #4 (unban eve) in #ops. /undo #5 takes it back.");
  eve.forget();
  await eve.ask("/join ops", banned);
  await chat.advance(7_200_000);
  eve.say("/join ops");
  await settle();
  assertEquals(eve.transcript.endsWith("* You are in #ops with ann, bob.\r\n"), true);
});

Deno.test("/ban and /mute refuse a time that they cannot read, and are not permanent then", async () => {
  await using scene = await open();
  const { ann } = scene;
  const help = "Use a whole number with s, m, h, d or w, such as 90m. " +
    "If it belongs to the reason, begin the reason with another word.";
  await ann.ask("/ban eve 1.5h spam", `! "1.5h" is not a time. ${help}`);
  await ann.ask("/ban eve +address 90min", `! "90min" is not a time. ${help}`);
  await ann.ask("/mute eve 5 min flood", `! "5 min" is not a time. ${help}`);
  await ann.ask("/bans", "* Nobody is banned from #ops or muted in it.");
});

Deno.test("/ban concerns accounts, addresses and ranges, but no moderators", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve, root, skip } = scene;
  for (const [index, guest] of [ann, bob, eve, root].entries()) {
    Object.assign(guest.session.context, { address: `192.0.2.${index + 1}` });
  }
  await refused(ann, {
    "/ban": "! Usage: /ban NAME|ADDRESS|RANGE [TIME] [REASON] (keep somebody out of this room)",
    "/ban 10.0.0.0/40":
      '! Cannot parse address range "10.0.0.0/40": "40" is not the length of an ' +
      "IPv4 prefix; use a number from 0 to 32.",
    "/ban 0.0.0.0/0": "! 0.0.0.0/0 is everybody. /room private on lets in invited people only.",
    "/ban root": "! root is an operator of the server. Talk to them.",
    "/ban eve 0m": "! A time is from 1s to 3650d. Without one, it is permanent.",
    "/ban zoe +address":
      "! Nobody here is called zoe, so their address is not known. /who lists names.",
  });
  Object.assign(eve.session.context, { address: "127.0.0.1" });
  await ann.ask(
    "/ban eve +address",
    "! eve is connected from this machine, or through a proxy on it, and has no address of their own.",
  );
  Object.assign(eve.session.context, { address: "192.0.2.3" });
  // The account counts, whatever the name.
  bob.say("/nick bobby");
  await skip();
  ann.say("/ban bobby");
  await settle();
  await bob.expect(`* ann banned you from #ops. ${WHERE}`);
  bob.say("/nick bob");
  await skip();
  await bob.ask("/join ops", "! You are banned from #ops. Ask ann.");
  await ann.ask("/unban bob", "* You lifted the ban of bob from #ops. /undo #4 takes it back.");

  await ann.ask(
    "/ban eve +address 1d",
    `* You banned eve from #ops until ${dayAndTime(chat.clock.now() + 86_400_000)}. ` +
      "/undo #5 takes it back.",
    "* eve left (banned by ann)",
  );
  // Anybody could find out addresses in a room of their own.
  await ann.ask(
    "/bans",
    `* banned: eve, their address until ${dayAndTime(chat.clock.now() + 86_400_000)}, by ann`,
  );
  eve.say("/nick innocent");
  await skip();
  const [line] = await eve.read().then(() => eve.say("/join ops")).then(() => eve.read());
  assertEquals(line, "! You are banned from #ops for 1440 more min. Ask ann.");
  await ann.ask(
    "/unban 192.0.2.3",
    "* You lifted the ban of 192.0.2.3 from #ops. /undo #6 takes it back.",
  );
  await bob.say("/join ops");
  await eve.say("/join ops");
  await skip();
  ann.say("/ban 192.0.2.99/24");
  await settle();
  await eve.expect(`* ann banned you from #ops. ${WHERE}`);
  await ann.expect(
    "* You banned 192.0.2.0/24 from #ops. /undo #7 takes it back.",
    "* bob left (banned by ann)",
    "* innocent left (banned by ann)",
  );
  await ann.ask(
    "/unban 192.0.2.3",
    "! 192.0.2.3 is not banned from #ops. 192.0.2.0/24 is, which includes it.",
  );
  await ann.ask(
    "/room except bob",
    "* You made bob an exception to the bans of #ops. /undo #8 takes it back.",
  );
  bob.say("/join ops");
  await skip();
  await ann.ask(
    "/bans",
    "* banned: 192.0.2.0/24 for good, by ann",
    "* never banned: bob",
  );
  await ann.ask(
    "/room except bob off",
    "* You removed bob from the exceptions to the bans of #ops. /undo #9 takes it back.",
    "* bob left (banned by ann)",
  );
});

Deno.test("/room except $m: exempts somebody from mutes, and says so", async () => {
  await using scene = await open();
  const { ann, bob, skip } = scene;
  await ann.ask("/mute bob", "* ann muted bob in #ops.", "* Done. /undo #3 takes it back.");
  await skip();
  await ann.ask(
    "/room except $M:bob",
    "* You made bob an exception to the mutes of #ops. /undo #4 takes it back.",
  );
  bob.say("I may speak");
  await ann.expect("<bob> I may speak");
  await ann.ask("/bans", "* muted: bob for good, by ann", "* never muted: bob");
  await skip();
  await ann.ask(
    "/room except $m:BOB off",
    "* You removed bob from the exceptions to the mutes of #ops. /undo #5 takes it back.",
  );
  await bob.ask("and now?", "! You may not speak in #ops. Ask ann.");
});

Deno.test("A person who takes a banned name leaves the room", async () => {
  await using scene = await open();
  const { ann, eve, skip } = scene;
  await ann.ask("/ban mallory", "* You banned mallory from #ops. /undo #3 takes it back.");
  await skip();
  eve.say("/nick mallory");
  await ann.expect(
    "#lobby * eve is now mallory",
    "* eve is now mallory",
    "* mallory left (banned by ann)",
  );
});

Deno.test("/ban, /room except and /unban take masks", async () => {
  await using scene = await open();
  const { ann, bob, eve, skip } = scene;
  await ann.ask("/ban E?e*", "* You banned E?e*!*@* from #ops. /undo #3 takes it back.", ...[
    "* eve left (banned by ann)",
  ]);
  await eve.expect(`* ann banned you from #ops. ${WHERE}`);
  await ann.ask(
    "/ban a,b!*",
    "! A mask is one word of up to 128 characters, such as *!*@192.0.2.* or bob*!*@*.",
  );
  await eve.ask("/join ops", "! You are banned from #ops. Ask ann.");
  await ann.ask(
    "/room except ev*!*@*",
    "* You made ev*!*@* an exception to the bans of #ops. /undo #4 takes it back.",
  );
  eve.say("/join ops");
  await skip();
  await ann.ask("/mute $a:BOB", "* ann muted $a:BOB in #ops.", "* Done. /undo #5 takes it back.");
  await bob.expect("* ann muted $a:BOB in #ops.");
  await bob.ask("hello", "! You may not speak in #ops. Ask ann.");
  await ann.ask(
    "/unban e?E*!*@*",
    "* You lifted the ban of e?E*!*@* from #ops. /undo #6 takes it back.",
  );
});

Deno.test("/mute keeps somebody from speaking, /unmute ends that", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve, root } = scene;
  await refused(bob, { "/mute eve": ASK_ANN, "/unmute eve": ASK_ANN });
  const until = dayAndTime(chat.clock.now() + 600_000);
  const told = `* ann muted eve in #ops until ${until} (calm down).`;
  await ann.ask("/mute eve 10m calm down", told, "* Done. /undo #3 takes it back.");
  await bob.expect(told);
  await eve.expect(told);
  await root.expect(`${told} /undo #3 undoes it.`);
  const refusal = "! You may not speak in #ops for 10 more min (calm down). Ask ann.";
  await refused(eve, { hello: refusal, "/me waves": refusal, "/topic x": refusal });
  await ann.ask("/bans", `* muted: eve until ${until}, by ann (calm down)`);
  await ann.ask(
    "/unmute eve",
    "* ann let eve speak in #ops again.",
    "* Done. /undo #4 takes it back.",
  );
  eve.say("thanks");
  await bob.expect("* ann let eve speak in #ops again.", "<eve> thanks");
});

Deno.test("A private room drops guests, and lets in those who are invited", async () => {
  await using scene = await open();
  const { chat, ann, bob, eve, root, skip } = scene;
  await refused(bob, {
    "/room private on": "! Only the owner of #ops may do that. Ask ann.",
    "/invite eve": "! eve has no account, and this needs one. They can get one with /register.",
    "/invite root": ASK_ANN,
    "/uninvite root": ASK_ANN,
  });
  await ann.ask(
    "/invite nobody",
    "! There is no account nobody. Check the spelling, or ask them to /register first.",
  );
  await ann.ask("/invite bob", "* You invited bob to #ops. /undo #3 takes it back.");
  await bob.expect("* ann invited you to #ops. /join ops enters it.");
  await ann.ask("/invite bob", "! bob is already invited to #ops.");
  const told = "* ann made #ops private: only people with a role or an invitation may read and " +
    "enter it.";
  await ann.ask(
    "/room private on",
    told,
    "* Done. /undo #4 takes it back.",
    "* eve left (not invited)",
  );
  await bob.expect(told, "* eve left (not invited)");
  await eve.expect(
    told,
    `* ann made #ops private, and you have no invitation. Ask ann for one. ${WHERE}`,
  );
  await refused(eve, {
    "/join ops": "! #ops is private. Ask somebody who is in it for an invitation.",
    "/room ops": "! There is no room #ops. /rooms lists the rooms.",
    "/undo #4":
      "! #4 of #moderation is not an act of moderation that you can undo. The answer to " +
      "each act names its number.",
  });
  await skip();
  await ann.ask(
    "/uninvite bob",
    "* You took back the invitation of bob to #ops. /undo #5 takes it back.",
    "* bob left (not invited)",
  );
  await bob.expect(
    `* ann took back what let you into #ops, which is private. Ask ann why. ${WHERE}`,
  );
  await root.expect("* ann took back the invitation of bob to #ops. /undo #5 undoes it.");
  await ann.ask("/room private off", ...[
    "* ann made #ops public: everybody may enter it and read its past.",
    "* Done. /undo #6 takes it back.",
  ]);
  await chat.addAccount("zoe");
  await ann.ask(
    "/invite zoe",
    "* You invited zoe to #ops. /undo #7 takes it back.",
    "* zoe is away, and will be told when they return.",
  );
  const missed = "* ann invited you to #ops while you were away. /join ops enters it.";
  const zoe = await chat.logIn("zoe");
  assert(zoe.transcript.includes(missed), zoe.transcript);
  zoe.say("/quit");
  const again = await chat.logIn("zoe");
  assert(!again.transcript.includes(missed), again.transcript);
});

Deno.test("/grant gives and takes roles", async () => {
  await using scene = await open();
  const { ann, bob, eve, root } = scene;
  await refused(ann, {
    "/grant bob king":
      "! Usage: /grant NAME owner|moderator|voice|none (give somebody a role in this room)",
    "/grant eve voice":
      "! eve has no account, and this needs one. They can get one with /register.",
    "/grant bob none": "! bob has no role in #ops.",
  });
  const told = "* ann made bob a moderator of #ops.";
  await ann.ask("/grant bob moderator", told, "* Done. /undo #3 takes it back.");
  await bob.expect(told);
  await eve.expect(told);
  await root.expect(`${told} /undo #3 undoes it.`);
  await refused(bob, {
    "/grant eve voice":
      "! eve has no account, and this needs one. They can get one with /register.",
    "/grant root voice": "! Only the owner of #ops may do that. Ask ann.",
    "/kick ann": "! ann is an owner of #ops. Ask an operator of the server.",
    "/mute ann": "! ann is an owner of #ops. Ask an operator of the server.",
    "/ban root": "! root is an operator of the server. Talk to them.",
  });
  await refused(ann, {
    "/ban bob":
      "! bob is a moderator of #ops, and cannot be banned or muted. /grant bob none takes " +
      "that away.",
  });
  await ann.ask("/room moderated on", ...[
    "* ann made #ops moderated: only people with a role may speak.",
    "* Done. /undo #4 takes it back.",
  ]);
  eve.forget();
  await eve.ask(
    "hello",
    "! #ops is moderated: only those with a voice may speak. Ask ann, bob.",
  );
  await ann.ask("/grant bob none", ...[
    "* ann took the role of moderator in #ops from bob.",
    "* Done. /undo #5 takes it back.",
  ]);
  bob.forget();
  await bob.ask("hi", "! #ops is moderated: only those with a voice may speak. Ask ann.");
});

Deno.test("/room shows settings in words, and changes them", async () => {
  await using scene = await open();
  const { chat, ann, bob, skip } = scene;
  await ann.ask(
    "/room",
    "* #ops belongs to ann.",
    "* Everybody may read and enter it.",
    "* /help room says how to change this.",
  );
  for (
    const line of ["key sesame", "slow 30", "limit 1", "topic-lock on", "hidden on", "alerts on"]
  ) {
    ann.say(`/room ${line}`);
  }
  await skip();
  await bob.ask(
    "/room ops",
    "* #ops belongs to ann.",
    "* hidden: no list of rooms shows it.",
    "* topic-lock: only moderators may set the topic.",
    "* key: newcomers need one.",
    "* limit: 1 person.",
    "* slow: one message in 30 seconds.",
    "* alerts: they may report elsewhere what is said in it.",
  );
  await bob.ask("/topic x", "! Only moderators may set the topic of #ops. Ask ann.");
  bob.say("one");
  await bob.expect();
  await bob.ask("two", "! #ops is in slow mode. You can speak again in 30 s; send it again then.");
  const eva = await chat.enter("eva");
  await eva.ask("/join ops", "! #ops has a key. Enter it with /join ops KEY.");
  await eva.ask("/join ops sesam", "! That is not the key of #ops. Ask somebody who is in it.");
  await eva.ask(
    "/join ops sesame",
    "! #ops is full: its limit is 1. Try again when somebody has left.",
  );
  await refused(ann, {
    "/room key": "! Usage: /room key WORD|off (set a word that newcomers must give)",
    "/room slow fast":
      "! Usage: /room slow SECONDS|off (set the time between messages of a person)",
    "/room limit 0": "! A limit is a number of people from 1 to 1,000,000.",
    "/room hidden on": "! hidden is already on in #ops.",
    "/room hidden maybe": "! Usage: /room hidden on|off (switch a setting of this room)",
    "/room secret on":
      "! Rooms have no setting secret. Their settings are register, private, hidden, " +
      "moderated, topic-lock, no-log, no-ctcp, outside, alerts, key, limit, slow, except, release.",
    "/room nowhere": "! There is no room #nowhere. /rooms lists the rooms.",
    "/room register": "! #ops has an owner. Ask ann.",
  });
  await ann.ask("/room limit off", ...[
    "* ann removed the limit of #ops.",
    "* Done. /undo #9 takes it back.",
  ]);
  await skip();
  await bob.ask("/room lobby", ...[
    "* #lobby has no owner, so only operators of the server can moderate it.",
    "* #lobby is for everybody, so only operators of the server can register it. /join a room of " +
    "your own and register that.",
    "* Everybody may read and enter it.",
  ]);
  await ann.ask("/room release", ...[
    "* ann released #ops: it has no owner and no settings any more.",
    "* Done. /undo #10 takes it back.",
  ]);
  assertEquals(chat.access.rules("ops"), undefined);
  await ann.ask(
    "/kick bob",
    "! #ops has no owner, so only operators of the server can do that. /room register makes the " +
      "room yours.",
  );
});

Deno.test("Operators moderate rooms that nobody owns, and read the record of it", async () => {
  await using scene = await open();
  const { chat, bob, eve, root } = scene;
  await root.ask("/join lobby", "* You are now talking in #lobby.");
  await root.ask(
    "/kick eve enough",
    "#moderation * root kicked eve from #lobby (enough).",
    "* You kicked eve from #lobby (enough).",
    "* eve left (kicked by root: enough)",
  );
  await eve.expect("* root kicked you from #lobby (enough). /join lobby brings you back.");
  await root.ask("/join moderation", "* You are now talking in #moderation.");
  const now = dayAndTime(chat.clock.now());
  await root.ask("/history 1", `#3 ${now} * root kicked eve from #lobby (enough).`);
  bob.forget();
  await bob.ask(
    "/join moderation",
    "! #moderation is for operators of the server. Log in as one with /login.",
  );
  await root.ask(
    "/kick root",
    "! #moderation belongs to the server: its rules cannot be changed.",
  );
});

Deno.test("Rules of rooms, bans among them, outlive a restart", async () => {
  await using scene = await open();
  const { chat, ann } = scene;
  ann.say("/ban eve", "/room key sesame");
  await settle();
  const access = await AccessControl.open(chat.state, { clock: chat.clock });
  await using again = new ChatRoom({ log: chat.log, state: chat.state, access });
  const eve = await again.enter("eve");
  await eve.ask("/join ops", "! You are banned from #ops. Ask ann.");
});

Deno.test("Completion knows the words of /room and /grant, and whom /unban can concern", async () => {
  await using scene = await open();
  const { chat, ann } = scene;
  const texts = (line: string, name = "ann") =>
    completeLine(chat.chat.people.find(name)!, line)?.candidates.map(({ text }) => text);
  assertEquals(texts("/room ke"), ["key"]);
  assertEquals(texts("/room private o"), ["on", "off"]);
  assertEquals(texts("/grant bob v"), ["voice"]);
  assertEquals(texts("/kick e"), ["eve"]);
  ann.say("/ban eve", "/invite bob", "/mute zoe");
  await settle();
  assertEquals(texts("/unban "), ["eve"]);
  assertEquals(texts("/unmute "), ["zoe"]);
  assertEquals(texts("/uninvite "), ["bob"]);
  assertEquals(texts("/unban ", "bob"), []);
});

Deno.test("/redact removes the text of a line, and cannot be undone", async () => {
  await using scene = await open();
  const { ann, bob, eve, root, skip } = scene;
  eve.say("my password is sesame");
  await skip();
  await refused(bob, { "/redact #5": ASK_ANN });
  await refused(ann, {
    "/redact": "! Usage: /redact #SEQ [REASON] (permanently remove the text of a line)",
    "/redact #99": "! #ops has no #99. /history shows the numbers.",
  });
  await ann.ask(
    "/redact #5 a secret",
    "* ann redacted #5 (a secret)",
    "* You redacted #5 by eve in #ops (a secret).",
  );
  await bob.expect("* ann redacted #5 (a secret)");
  await root.expect("* ann redacted #5 by eve in #ops (a secret).");
  await refused(ann, {
    "/redact #5": "! #5 of #ops has already been redacted.",
    "/redact #6": "! #6 of #ops has no text that could be redacted.",
    "/undo #3": "! The text is gone for good, so a redaction cannot be undone.",
  });
  assertEquals(JSON.stringify(await scene.chat.log.read("ops", 0, 99)).includes("sesame"), false);
  await root.ask("/join ops", ...[
    "* ann became the owner of #ops.",
    "<eve> (redacted by ann: a secret)",
    "* ann redacted #5 (a secret)",
    "* You are in #ops with ann, bob, eve.",
  ]);
  // What operators and owners said is theirs.
  root.say("I am root");
  await skip();
  await ann.ask("/redact #8", "! root is an operator of the server. Talk to them.");
  ann.say("mine");
  await skip();
  await ann.ask("/redact #9", ...[
    "* ann redacted #9",
    "* You redacted #9 by ann in #ops.",
  ]);
  await skip();
  await root.ask(
    "/redact moderation#3",
    "! #moderation belongs to the server: its rules cannot be changed.",
  );
});

Deno.test("/undo does not take a room away from an owner", async () => {
  await using scene = await open();
  const { ann, bob } = scene;
  ann.say("/grant bob owner");
  await scene.skip();
  await bob.ask("/undo #1", "! ann is an owner of #ops. Ask an operator of the server.");
});

Deno.test("A last word is only told where the person may speak, and holds no password", async () => {
  await using scene = await open();
  const { ann, eve } = scene;
  ann.say("/mute eve");
  await ann.read();
  await eve.read();
  eve.say("/quit and another thing");
  await ann.expect("#lobby * eve left (and another thing)", "* eve left");
  const { chat } = scene;
  const tom = await chat.enter("tom");
  tom.say("/join ops");
  await ann.read();
  tom.say("/quit /login tom secret", "/away login tom secret");
  await ann.expect();
  assert(tom.transcript.includes("! That looks like a log-in"), tom.transcript);
});

Deno.test("/ban refuses a time that is none instead of banning for good", async () => {
  await using scene = await open();
  const { ann } = scene;
  for (const time of ["99999999999d", "-1h", "0m"]) {
    await ann.ask(
      `/ban eve ${time}`,
      "! A time is from 1s to 3650d. Without one, it is permanent.",
    );
  }
});
