/** Logging in with SASL. */

import { assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import type { IrcClient } from "../../support/irc_client.ts";
import { HOST, IrcRoom } from "../../support/irc_room.ts";
import { ScramClient } from "../../support/scram_client.ts";

const PASSWORD = "tea at five";

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function plain(name: string, password = PASSWORD): string {
  return base64(`\0${name}\0${password}`);
}

/** Connects a client that has asked for SASL. */
async function openWithSasl(room: IrcRoom): Promise<IrcClient> {
  const client = room.open();
  client.send("CAP REQ sasl");
  await client.expect(":irc.test CAP * ACK :sasl");
  return client;
}

async function logIn(client: IrcClient, name: string, as = name): Promise<void> {
  client.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${plain(name)}`);
  await client.expect(
    ":irc.test AUTHENTICATE +",
    new RegExp(`^:irc\\.test 900 \\S+ \\S+ ${as} :You are now logged in as ${as}$`),
    /^:irc\.test 903 \S+ :SASL authentication successful$/,
  );
}

Deno.test("CAP LS names the mechanisms", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("CAP LS 302");
  assertMatch(await ann.next(), / sasl=PLAIN,SCRAM-SHA-256(?: |$)/);
  const ben = room.open();
  ben.send("CAP LS");
  assertMatch(await ben.next(), / sasl(?: |$)/);
});

Deno.test("A client logs in with PLAIN before it registers, and has its name", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("Ann", PASSWORD);
  const ann = await openWithSasl(room);
  ann.send("NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE PLAIN");
  await ann.expect(":irc.test AUTHENTICATE +");
  ann.send(`AUTHENTICATE ${plain("ann")}`, "CAP END");
  await ann.expect(
    `:irc.test 900 * *!~ann@${HOST} Ann :You are now logged in as Ann`,
    ":irc.test 903 * :SASL authentication successful",
    /^:irc\.test 001 Ann :/,
  );
  assertEquals(room.chat.people.find("ann")!.member.account, "ann");
});

Deno.test("A client that logs in may have another name than its account", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const first = await openWithSasl(room);
  first.send("NICK ann", "USER ann 0 * :Ann");
  await logIn(first, "ann");
  first.send("CAP END");
  await first.until(/ (?:376|422) /);
  const second = await openWithSasl(room);
  second.send("NICK ann-phone", "USER ann 0 * :Ann");
  await logIn(second, "ann");
  second.send("CAP END");
  await second.expect(/ 001 ann-phone /);
  await second.sync();
  assertEquals(await first.sync(), []);
  assertEquals(room.chat.people.find("ann-phone")!.member.account, "ann");
});

Deno.test("Who logs in and asks for the name gets it back from a connection that holds it", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const [first, second] = [await openWithSasl(room), await openWithSasl(room)];
  for (const client of [first, second]) {
    client.send("NICK ann", "USER ann 0 * :Ann");
    await logIn(client, "ann");
    client.send("CAP END");
    await client.until(/ 001 ann /);
  }
  assertMatch(
    (await first.expectEnd()).at(-1)!,
    /^ERROR :Closing link: ann has logged in on another/,
  );
});

Deno.test("A registered name is refused without its password, and says what to do", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const other = room.open();
  other.send("NICK ann", "USER other 0 * :Other");
  await other.expect(
    ":irc.test 433 * ann :ann is a registered name. Log in with SASL, or choose another and then " +
      "send: /msg NickServ REGAIN ann PASSWORD",
  );
  other.send("NICK other");
  await other.until(/ 001 other /);
  await other.ask(
    "NICK ann",
    ":irc.test 433 other ann :ann is a registered name. To log in and take it: /msg NickServ " +
      "REGAIN ann PASSWORD",
  );
});

Deno.test("A wrong password and an unknown account are refused alike", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const ann = await openWithSasl(room);
  for (const message of [plain("ann", "wrong password"), plain("nobody")]) {
    ann.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${message}`);
    await ann.expect(
      ":irc.test AUTHENTICATE +",
      ":irc.test 904 * :Wrong name or password. Try again, or ask an operator for a new password.",
    );
  }
  await logIn(ann, "ann");
});

Deno.test("A client logs in with SCRAM-SHA-256, also after it has registered", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("Ann", PASSWORD);
  const ann = await room.register("guest", "sasl");
  const scram = new ScramClient({ name: "ann", password: PASSWORD });
  ann.send("AUTHENTICATE scram-sha-256");
  await ann.expect(":irc.test AUTHENTICATE +");
  ann.send(`AUTHENTICATE ${base64(scram.first())}`);
  const challenge = /^:irc\.test AUTHENTICATE (\S+)$/.exec(await ann.next())![1];
  ann.send(`AUTHENTICATE ${base64(scram.final(Buffer.from(challenge, "base64").toString()))}`);
  const proof = /^:irc\.test AUTHENTICATE (\S+)$/.exec(await ann.next())![1];
  assertEquals(scram.accepts(Buffer.from(proof, "base64").toString()), true);
  ann.send("AUTHENTICATE +");
  await ann.expect(
    `:irc.test 900 guest guest!~guest@${HOST} Ann :You are now logged in as Ann`,
    ":irc.test 903 guest :SASL authentication successful",
  );
});

Deno.test("A client may log in to another account at any time, and others are told", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  await room.accounts.register("bob", PASSWORD);
  const bob = await room.register("watcher", "account-notify", "extended-join");
  const ann = await room.register("guest", "sasl", "account-notify");
  for (const client of [bob, ann]) client.send("JOIN #tea");
  await ann.sync();
  await bob.sync();
  ann.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${plain("ann")}`);
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    `:irc.test 900 guest guest!~guest@${HOST} ann :You are now logged in as ann`,
    ":irc.test 903 guest :SASL authentication successful",
  );
  assertEquals(await bob.sync(), [`:guest!~guest@${HOST} ACCOUNT ann`]);
  ann.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${plain("bob")}`);
  await ann.until(/ 903 guest /);
  assertEquals((await bob.sync()).at(-1), `:guest!~guest@${HOST} ACCOUNT bob`);
});

Deno.test("Long messages come in chunks of 400 characters", async () => {
  await using room = new IrcRoom();
  // With the name and the zeros, 300 bytes are 400 characters.
  for (const [name, length] of [["exactly", 292], ["longer", 500], ["longest", 1024]] as const) {
    const password = "p".repeat(length - (name === "exactly" ? 1 : 0));
    await room.accounts.register(name, password);
    const message = plain(name, password);
    const client = await openWithSasl(room);
    client.send("AUTHENTICATE PLAIN");
    for (let at = 0; at < message.length; at += 400) {
      client.send(`AUTHENTICATE ${message.slice(at, at + 400)}`);
    }
    if (message.length % 400 === 0) client.send("AUTHENTICATE +");
    await client.expect(":irc.test AUTHENTICATE +", / 900 /, / 903 /);
  }
});

Deno.test("What is too long, malformed, unknown or not asked for is refused", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("AUTHENTICATE PLAIN");
  await ann.expect(":irc.test 904 * :Ask for the capability sasl first: CAP REQ sasl");
  ann.send("CAP REQ sasl", "AUTHENTICATE FOO");
  await ann.expect(
    ":irc.test CAP * ACK :sasl",
    ":irc.test 908 * PLAIN,SCRAM-SHA-256 :are available SASL mechanisms",
    ":irc.test 904 * :That mechanism is not available. Use PLAIN or SCRAM-SHA-256.",
  );
  ann.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${"A".repeat(401)}`);
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 905 * :That is too long. Send chunks of 400 characters.",
  );
  ann.send("AUTHENTICATE PLAIN");
  for (let chunk = 0; chunk < 9; chunk++) ann.send(`AUTHENTICATE ${"A".repeat(400)}`);
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 905 * :That is too long. Send chunks of 400 characters.",
  );
  ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE !!!!");
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 904 * :That is not base64. Log in again.",
  );
  ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE +");
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 904 * :A name and a password are needed. Set both in the client's settings.",
  );
  ann.send("AUTHENTICATE");
  await ann.expect(/ 461 \* AUTHENTICATE /);
});

Deno.test("A client may abort, and goes on as a guest if it ends the negotiation", async () => {
  await using room = new IrcRoom();
  const ann = await openWithSasl(room);
  ann.send("NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE PLAIN", "AUTHENTICATE *");
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 906 * :SASL authentication was aborted",
  );
  ann.send("AUTHENTICATE SCRAM-SHA-256", "CAP END");
  await ann.expect(
    ":irc.test AUTHENTICATE +",
    ":irc.test 906 * :SASL authentication was aborted",
    / 001 ann /,
  );
});

Deno.test("No part of a password is in an answer that follows it", async () => {
  await using room = new IrcRoom();
  const ann = await openWithSasl(room);
  ann.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${plain("ann", "zq-secret-zq")}`);
  await ann.until(/ 904 /);
  const text = ann.transcript.join("\n");
  assertEquals(/zq-secret/.test(text) || text.includes(plain("ann", "zq-secret-zq")), false);
});

Deno.test("On a closed server a client logs in, and is called as its account", async () => {
  await using room = new IrcRoom({ isClosed: true });
  await room.accounts.register("ann", PASSWORD, { isTrusted: true });
  const guest = room.open();
  guest.send("NICK guest", "USER guest 0 * :Guest");
  const sentence = "Only people with an account may enter this server. Set its name and password " +
    "for SASL PLAIN in your client, or ask whoever runs the server for an account.";
  assertEquals(await guest.expectEnd(), [
    `:irc.test FAIL * ACCOUNT_REQUIRED_TO_CONNECT :${sentence}`,
    `ERROR :Closing link: ${sentence}`,
  ]);
  const ann = await openWithSasl(room);
  ann.send("NICK other", "USER ann 0 * :Ann");
  await logIn(ann, "ann");
  ann.send("CAP END");
  await ann.until(/ 001 ann /);
});

Deno.test("Guests who stay on a server that is closed write to nobody but NickServ", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  const guest = await room.register("guest", "message-tags");
  room.access.configure({ isClosed: true });
  const refused = "This server is for people with an account. Log in first.";
  await guest.ask("PRIVMSG ann :hello", `:irc.test 486 guest ann :${refused}`);
  await guest.ask("@+typing=active TAGMSG ann", `:irc.test 486 guest ann :${refused}`);
  await guest.ask("PRIVMSG NickServ :IDENTIFY guest nonsense", /NOTICE guest :/);
  assertEquals(await ann.sync(), []);
});

Deno.test("A guest who writes to an account that is not here is not told that a nickname is in use", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD, { isTrusted: true });
  const guest = await room.register("guest");
  await guest.ask(
    "PRIVMSG ann :hello",
    ":irc.test 486 guest ann :ann is not here, and only people with an account can leave messages. " +
      "/msg NickServ REGISTER PASSWORD makes your name one.",
  );
});

Deno.test("A server with a password takes no log-in without it", async () => {
  await using room = new IrcRoom({ serverPassword: "open sesame" });
  await room.accounts.register("ann", PASSWORD);
  const guest = await openWithSasl(room);
  guest.send("AUTHENTICATE PLAIN");
  assertMatch((await guest.expectEnd())[0], /^:irc\.test 464 \* :This server has a password\./);
  const ann = room.open();
  ann.send("PASS :open sesame", "CAP REQ sasl", "NICK ann", "USER ann 0 * :Ann");
  await ann.expect(":irc.test CAP * ACK :sasl");
  await logIn(ann, "ann");
  ann.send("CAP END");
  await ann.until(/ 001 ann /);
});
