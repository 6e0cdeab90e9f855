import { assert, assertEquals, assertMatch } from "@std/assert";
import { CHAT_COMMANDS } from "../../../lib/service/chat/commands/mod.ts";
import { ChatRoom, type Guest } from "../../support/chat_room.ts";
import { openOwners, type TokenOwners } from "../../support/token_owners.ts";

const HINT = "Keep it now, like a password: it is not shown again. It acts as you in";

async function open(): Promise<{ chat: ChatRoom; owners: TokenOwners; ann: Guest }> {
  const owners = await openOwners(["ann", "bob"]);
  const chat = new ChatRoom({ clock: owners.clock, state: owners.state, tokens: owners.tokens });
  const ann = await chat.enter("ann");
  ann.session.context.account = "ann";
  return { chat, owners, ann };
}

/** Creates a token, and returns the secret that is shown. */
async function create(guest: Guest, words: string, places: string): Promise<string> {
  guest.say(`/token new ${words}`);
  const [label] = words.split(" ");
  const [first, second, ...rest] = await guest.read();
  const [, secret] = /^\* Token \S+: (pl_[\w-]{43})$/.exec(first)!;
  assertEquals([first, second, ...rest], [
    `* Token ${label}: ${secret}`,
    `* ${HINT} ${places}. /token revoke ${label} ends it.`,
  ]);
  return secret;
}

Deno.test("/token creates, lists and revokes tokens of the account, and shows each secret once", async () => {
  const { chat, owners: { tokens, accounts }, ann } = await open();
  await using _chat = chat;
  const jack = await chat.enter("jack");
  await ann.read();
  await ann.ask("/token", "* You have no tokens. /token new LABEL [ROOM ...] creates one.");
  const deploy = await create(ann, "deploy #Ops, builds", "#Ops, #builds");
  const whole = await create(ann, "whole", "all your rooms");
  assertEquals(tokens.ask(deploy)?.onlyRooms, new Set(["ops", "builds"]));
  assertEquals([tokens.ask(whole)?.account, tokens.ask(whole)?.onlyRooms], ["ann", undefined]);
  await ann.ask(
    "/token list",
    "* deploy: #Ops, #builds; created on 2026-11-21, last used on 2026-11-21",
    "* whole: all your rooms; created on 2026-11-21, last used on 2026-11-21",
    "* You have 2 tokens. /token revoke LABEL ends one.",
  );
  await ann.ask(
    "/token revoke DEPLOY",
    "* The token deploy is revoked: whatever used it is refused from now on.",
  );
  assertEquals(tokens.ask(deploy), undefined);
  await ann.ask("/token revoke deploy", "! ann has no token deploy. List them first.");
  // Nobody else sees anything of it, and nothing of it is in the room's past.
  await jack.expect();
  jack.say("/history 500");
  const stored = JSON.stringify(await chat.log.read("lobby", 0, 100));
  for (const text of [stored, (await jack.read()).join()]) {
    assert(!text.includes("pl_") && !text.includes("token"), text);
  }
  assert(accounts.find("ann"));
});

Deno.test("/token explains its syntax and refusals", async () => {
  const { chat, ann } = await open();
  await using _chat = chat;
  const { usage, summary } = CHAT_COMMANDS.find(({ name }) => name === "token")!;
  const wrong = ["new", "revoke", "revoke a b", "list a", "x"];
  for (const words of wrong) {
    await ann.ask(`/token ${words}`, `! Usage: ${usage} (${summary})`);
  }
  await create(ann, "x", "all your rooms");
  await ann.ask(
    "/token new X",
    "! There is already a token X. Choose another label, or revoke that one first.",
  );
  await ann.ask("/token new a/b", "! Labels may contain only letters, digits, _ - and .");
  await ann.ask("/token new y a/b", "! Room names may contain only letters, digits, _ - and .");
});

Deno.test("/token is for people with an account", async () => {
  const { chat } = await open();
  await using _chat = chat;
  const jack = await chat.enter("jack");
  for (const words of ["", "list", "new x", "revoke x"]) {
    await jack.ask(
      `/token ${words}`,
      "! Tokens belong to an account. Log in with /login, or create one with /register.",
    );
  }
});

Deno.test("/token shows the whole secret at a terminal, and keeps it out of the typed lines", async () => {
  const { chat } = await open();
  await using _chat = chat;
  const guest = await chat.enterTerminal("bob");
  guest.session.context.account = "bob";
  guest.type("/token new ci\r");
  await chat.paint();
  assertMatch((await guest.rows()).join("\n"), /Token ci: pl_[\w-]{43}\n/);
  guest.type("\x1b[A");
  await chat.paint();
  assertMatch(await guest.beforeCursor(), /> \/token new ci$/);
});
