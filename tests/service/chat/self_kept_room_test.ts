/** Transcripts of rooms that nobody owns, in which the first to come keeps order. */

import { ChatRoom, settle } from "../../support/chat_room.ts";

async function open() {
  const chat = new ChatRoom();
  const ann = await chat.enter("ann");
  await ann.ask("/join tea", "* You are in #tea. Nobody else is here yet.");
  const bob = await chat.enter("bob");
  await bob.ask("/join tea", "* You are in #tea with ann.");
  await settle();
  for (const guest of [ann, bob]) guest.forget();
  return { chat, ann, bob, [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

const ONLY_ANN = "! Only moderators of #tea can do that. Ask ann.";

Deno.test("The first in a room that nobody owns keeps order in it", async () => {
  await using scene = await open();
  const { chat, ann, bob } = scene;
  await bob.ask("/kick ann", ONLY_ANN);
  await bob.ask("/room", ...[
    "* #tea has no owner. Moderators until they leave: ann.",
    "* To make #tea yours, get an account with /register, then type /room register.",
    "* Everybody may read and enter it.",
  ]);
  await ann.ask(
    "/room moderated on",
    "* ann made #tea moderated: only people with a role may speak.",
    "* Done. /undo #1 takes it back.",
  );
  await bob.ask("hello", ...[
    "* ann made #tea moderated: only people with a role may speak.",
    "! #tea is moderated: only those with a voice may speak. Ask ann.",
  ]);
  await ann.ask("/grant bob voice", ...[
    "* ann made bob a voice of #tea while bob is here.",
    "* Done.",
  ]);
  await bob.ask("hello", "* ann made bob a voice of #tea while bob is here.");
  await ann.ask("/room", ...[
    "<bob> hello",
    "* #tea has no owner. Moderators until they leave: ann.",
    "* To make #tea yours, get an account with /register, then type /room register.",
    "* Everybody may read and enter it.",
    "* moderated: only people with a role may speak.",
    "* These settings last until the room is empty.",
    "* /help room says how to change this.",
  ]);
  await ann.ask("/grant bob none", ...[
    "* ann took the role of voice in #tea from bob.",
    "* Done.",
  ]);
  await ann.ask(
    "/grant bob owner",
    "! bob has no account, and this needs one. They can get one " +
      "with /register.",
  );
  const eve = await chat.enter("eve");
  await ann.ask("/room private on", ...[
    "* ann made #tea private: only people with a role or an invitation may read and enter it. " +
    "Once everybody has left, anybody can read its past, unless it is registered.",
    "* Done. /undo #4 takes it back.",
  ]);
  await eve.ask("/join tea", "! #tea is private. Ask somebody who is in it for an invitation.");
  await ann.ask("/invite eve", "* You invited eve to #tea.");
  await eve.expect("* ann invited you to #tea. /join tea enters it.");
  eve.say("/join tea");
  await settle();
  await ann.ask("/kick eve", ...[
    "* eve joined",
    "* You kicked eve from #tea.",
    "* eve left (kicked by ann)",
  ]);
  await ann.ask("/invite e*", "* You invited e*!*@* to #tea. /undo #7 takes it back.");
  eve.forget();
  eve.say("/join tea");
  await ann.expect("* eve joined");
  await ann.ask(
    "/uninvite E*!*@*",
    "* You took back the invitation of E*!*@* to #tea. /undo #8 " +
      "takes it back.",
  );
});
