import { assertEquals } from "@std/assert";
import { parsePublicKey } from "../../../lib/domain/access/accounts/public_key.ts";
import { CHAT_COMMANDS } from "../../../lib/service/chat/commands/mod.ts";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";
import { PUBLIC_KEYS, type TrialKey } from "../../support/public_keys.ts";

const { ANN, SECOND, DSA } = PUBLIC_KEYS;

/** Makes somebody one who has connected by SSH with a key. */
function connectWith({ session }: Guest, { line, fingerprint }: TrialKey): void {
  const { type, base64 } = parsePublicKey(line);
  const publicKey = { type, fingerprint, line: `${type} ${base64}` };
  Object.assign(session.context, { identity: { name: "", publicKey } });
}

Deno.test("/key adds, lists and removes the keys of the account", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  await ann.ask("/key", "* You have no keys. /key add LINE adds one.");
  await ann.ask(
    `/key add ${ANN.line}`,
    `* Added the key ${ANN.fingerprint}: it logs in to ann over SSH from now on.`,
  );
  await ann.ask(`/key add ${ANN.line}`, `* The key ${ANN.fingerprint} is already one of yours.`);
  ann.say(`/key add ${SECOND.line}`);
  await ann.read();
  connectWith(ann, SECOND);
  await ann.ask(
    "/key list",
    `* 1. ${ANN.fingerprint} ssh-ed25519 ann@laptop, added on 2026-11-21`,
    `* 2. ${SECOND.fingerprint} ssh-ed25519 two words here, added on 2026-11-21 (this connection)`,
    "* You have 2 keys. /key remove NUMBER removes one.",
  );
  await ann.ask(
    "/key remove 1",
    `* The key ${ANN.fingerprint} is removed: it does not log in to ann any more.`,
  );
  await ann.ask("/key remove 2", "! ann has no key 2. List them first.");
  assertEquals(chat.chat.keys.ownerOf(SECOND.fingerprint)?.key, "ann");
});

Deno.test("/key add without a line adds the key that somebody has connected with", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  await ann.ask(
    "/key add",
    "! You have not connected with an SSH key. Give one as in a .pub file: /key add ssh-ed25519 " +
      "AAAA... NAME",
  );
  connectWith(ann, ANN);
  await ann.ask(
    "/key add",
    `* Added the key ${ANN.fingerprint}: it logs in to ann over SSH from now on.`,
  );
});

Deno.test("/key explains its syntax and refusals", async () => {
  await using chat = new ChatRoom();
  const [ann, bob] = [await chat.logIn("ann"), await chat.logIn("bob")];
  const guest = await chat.enter("guest");
  const { usage, summary } = CHAT_COMMANDS.find(({ name }) => name === "key")!;
  await ann.read();
  for (const words of ["list 1", "remove", "show"]) {
    await ann.ask(`/key ${words}`, `! Usage: ${usage} (${summary})`);
  }
  await ann.ask(
    `/key add ${DSA.line}`,
    "! Keys of type ssh-dss are not supported. Use a plain ssh-ed25519, ecdsa-sha2-nistp256 or " +
      "ssh-rsa key; ssh-keygen -t ed25519 makes one.",
  );
  await guest.ask("/key", "! You are not logged in. /login NAME does that.");
  ann.say(`/key add ${ANN.line}`);
  await settle();
  await bob.read();
  await bob.ask(
    `/key add ${ANN.line}`,
    `! The key ${ANN.fingerprint} already belongs to ann. Remove it there first, or use another key.`,
  );
});

Deno.test("/register over SSH binds the key, and other doors say what to do", async () => {
  await using chat = new ChatRoom();
  const dora = await chat.enter("dora");
  connectWith(dora, ANN);
  await dora.ask(
    "/register",
    `* The name dora is yours: from now on it takes your key ${ANN.fingerprint}. You are logged ` +
      "in. /key add LINE adds another key, and /password sets a password for telnet, the web and IRC.",
  );
  const [account] = chat.accounts.list();
  assertEquals([account.name, account.passwordHash], ["dora", undefined]);
  const refusal = "! dora logs in with an SSH key and has no password. Connect with ssh as dora; " +
    "/password sets one there.";
  const other = await chat.enter("other");
  await other.ask("/login dora", refusal);
  await other.ask("/login dora guessed password", refusal);
  await other.ask("/nick dora", refusal);
  await dora.ask(
    "/key remove 1",
    "! This key is the only way into your account. Add another one, or set a password with " +
      "/password first.",
  );
});

Deno.test("/password sets the first password of an account without asking for one before", async () => {
  await using chat = new ChatRoom();
  const dora = await chat.enter("dora");
  connectWith(dora, ANN);
  dora.say("/register", "/password", "tea at five", "tea at five");
  await settle();
  assertEquals(
    (await dora.read()).at(-1),
    "* dora has a password now. Your keys work as before.",
  );
  const other = await chat.enter("other");
  other.say("/login dora", "tea at five");
  await settle();
  assertEquals(other.session.context.account, "dora");
});

Deno.test("/account says what the owner logs in with", async () => {
  await using chat = new ChatRoom();
  const dora = await chat.enter("dora");
  connectWith(dora, ANN);
  dora.say("/register", "/account");
  assertEquals((await dora.read()).filter((line) => line.includes("It has")), [
    "* It has 1 SSH key and no password. /password and /key change that. Your settings, what you " +
    "have read and whom you ignore are kept with it. /logout logs out.",
  ]);
});

Deno.test("Who has connected with a key that is removed elsewhere is logged out", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  connectWith(ann, ANN);
  ann.say("/key add");
  await ann.read();
  await chat.chat.keys.remove("ann", "1");
  const [line] = await ann.read();
  assertEquals(
    line,
    "* The key that you have connected with was removed from ann, so you are logged out.",
  );
  assertEquals(ann.session.context.account, undefined);
});

Deno.test("Who removes the key that they have connected with stays logged in", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  connectWith(ann, ANN);
  ann.say("/key add", "/key remove 1");
  await ann.read();
  assertEquals(ann.session.context.account, "ann");
});
