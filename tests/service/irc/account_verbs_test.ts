/** Registering accounts, and the services that people know from other networks. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { HOST, IrcRoom } from "../../support/irc_room.ts";

const PASSWORD = "tea at five";
const NICKSERV = ":NickServ!NickServ@irc.test NOTICE";
const CHANSERV = ":ChanServ!ChanServ@irc.test NOTICE";
const FINGERPRINT = "ab".repeat(32);
const SHOWN_FINGERPRINT = Array(32).fill("AB").join(":");

Deno.test("REGISTER makes the wanted name an account before the client is in", async () => {
  await using room = new IrcRoom();
  const ann = room.open();
  ann.send("CAP LS 302");
  assertMatch(await ann.next(), / draft\/account-registration=before-connect(?: |$)/);
  ann.send(`REGISTER * * :${PASSWORD}`, "NICK ann", `REGISTER * * :${PASSWORD}`);
  await ann.expect(
    ":irc.test FAIL REGISTER NEED_NICK * :Send NICK first: an account has your nickname.",
    `:irc.test 900 * *!*@${HOST} ann :You are now logged in as ann`,
    ":irc.test REGISTER SUCCESS ann :ann is yours from now on, and takes the password.",
  );
  ann.send("USER ann 0 * :Ann", "CAP END");
  await ann.expect(/ 001 ann /);
  assertEquals((await room.accounts.passwords.logIn("ann", PASSWORD)).name, "ann");
});

Deno.test("REGISTER makes the name in use an account, and says why not", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("taken", PASSWORD);
  const ann = await room.register("ann");
  for (
    const [params, answer] of [
      [
        "* * short",
        "FAIL REGISTER WEAK_PASSWORD ann :Passwords need at least 6 characters. Choose a longer one.",
      ],
      [
        "bob * password",
        "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob :An account has your nickname. Take it first: NICK bob",
      ],
    ]
  ) await ann.ask(`REGISTER ${params}`, `:irc.test ${answer}`);
  await ann.ask("REGISTER * *", / 461 ann REGISTER /);
  await ann.ask(
    "REGISTER ann ann@example.org tea-at-five",
    `:irc.test 900 ann ann!~ann@${HOST} ann :You are now logged in as ann`,
    ":irc.test REGISTER SUCCESS ann :ann is yours from now on, and takes the password.",
  );
  await ann.ask(
    "REGISTER * * password",
    ":irc.test FAIL REGISTER ALREADY_AUTHENTICATED * :You are logged in. Log out first.",
  );
});

Deno.test("REGISTER takes no name from an account or from somebody who is here", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("taken", PASSWORD);
  await room.register("root");
  for (const [nick, code] of [["root", "USERNAME_EXISTS"], ["taken", "ACCOUNT_EXISTS"]]) {
    const other = room.open();
    other.send(`NICK ${nick}`, "REGISTER * * password");
    assertMatch(await other.next(), new RegExp(`^:irc\\.test FAIL REGISTER ${code} ${nick} :`));
  }
  const reserved = room.open();
  reserved.send("NICK NickServ");
  assertMatch(await reserved.next(), /^:irc\.test 432 \* NickServ :/);
});

Deno.test("VERIFY says that nothing has to be verified", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "VERIFY ann 1234",
    ":irc.test FAIL VERIFY INVALID_CODE ann :Accounts need no code here. Log in with the password.",
  );
  ann.send("REGISTER * * password");
  await ann.until(/ SUCCESS /);
  await ann.ask(
    "VERIFY ann 1234",
    ":irc.test FAIL VERIFY ALREADY_AUTHENTICATED ann :You are logged in. Accounts need no code here.",
  );
});

Deno.test("On a closed server nobody registers", async () => {
  await using room = new IrcRoom({ isClosed: true });
  const ann = room.open();
  ann.send("CAP LS 302");
  assert(!(await ann.next()).includes("account-registration"));
  ann.send("NICK ann", "REGISTER * * password");
  await ann.expect(
    ":irc.test FAIL REGISTER DISALLOWED ann :Accounts of this server are added by whoever runs it. " +
      "Ask them for one.",
  );
});

Deno.test("NickServ registers, logs out, identifies and changes the password", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann");
  await ann.ask(
    "PRIVMSG NickServ :REGISTER tea-at-five ann@example.org",
    `:irc.test 900 ann ann!~ann@${HOST} ann :You are now logged in as ann`,
    `${NICKSERV} ann :Account created: ann is yours from now on, and takes the password. You are ` +
      "logged in. Set the password in your client for SASL, so that it logs in by itself.",
  );
  await ann.ask(
    "NS logout",
    ":irc.test NOTICE ann :You are logged out.",
    `:ann!~ann@${HOST} NICK ann2`,
    ":irc.test NOTICE ann2 :You are now called ann2. /nick NAME changes that.",
    `:irc.test 901 ann2 ann2!~ann@${HOST} :You are now logged out`,
  );
  await ann.ask(
    "NICKSERV identify ann wrong-password",
    `${NICKSERV} ann2 :Wrong name or password. Try again, or ask an operator for a new password.`,
  );
  await ann.ask(
    "PRIVMSG nickserv :identify ann tea-at-five",
    `:irc.test 900 ann2 ann2!~ann@${HOST} ann :You are now logged in as ann`,
    `${NICKSERV} ann2 :You are logged in as ann, and called ann2. /nick ann takes the name.`,
  );
  await ann.ask("NICK ann", `:ann2!~ann@${HOST} NICK ann`);
  await ann.ask(
    "NS SET PASSWORD tea-at-five coffee-at-six",
    `${NICKSERV} ann :The password has been changed. Set the new one in your client, too.`,
  );
  assertEquals((await room.accounts.passwords.logIn("ann", "coffee-at-six")).name, "ann");
  await ann.ask("NS SET PASSWORD tea", `${NICKSERV} ann :Use /msg NickServ SET PASSWORD OLD NEW`);
});

Deno.test("NickServ asks for the name if the client has another one", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const ann = await room.register("ann_");
  await ann.ask(
    "NS IDENTIFY tea-at-five",
    `${NICKSERV} ann_ :ann_ is not a registered name. Give the name of your account, too: /msg ` +
      "NickServ IDENTIFY NAME PASSWORD",
  );
});

Deno.test("NickServ gives a name back, and ends who holds it", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const first = await room.register("first");
  // It is told nothing more, not even that it has gone.
  await first.ask("MONITOR + ann", ":irc.test 731 first :ann");
  first.send(`NS REGAIN ann ${PASSWORD}`);
  await first.until(/You are ann now/);
  const second = await room.register("second");
  await second.ask(
    "NS GHOST ann",
    `${NICKSERV} second :Give the password of ann, too.`,
    `${NICKSERV} second :Use /msg NickServ GHOST NAME [PASSWORD]`,
  );
  second.send(`NS GHOST ann ${PASSWORD}`);
  await second.until(/That connection has ended\. \/nick ann takes the name\.$/);
  const end = /^ERROR :Closing link: ann .* change the password with \/msg NickServ SET PASSWORD /;
  assertMatch((await first.expectEnd()).at(-1)!, end);
  await second.ask(
    "NS REGAIN ann",
    `:second!~second@${HOST} NICK ann`,
    `${NICKSERV} ann :You are ann now.`,
  );
  await second.ask("NS GHOST ann", `${NICKSERV} ann :That is this connection.`);
});

Deno.test("NickServ keeps the fingerprints of certificates", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  const ann = await room.register("guest");
  await ann.ask(
    "NS CERT ADD",
    `${NICKSERV} guest :You are not logged in. /msg NickServ IDENTIFY NAME PASSWORD does that.`,
  );
  ann.send(`NS IDENTIFY ann ${PASSWORD}`);
  await ann.until(/You are logged in as ann/);
  await ann.ask(
    "NS CERT ADD",
    `${NICKSERV} guest :You have not connected with a client certificate. Connect with TLS and one, ` +
      "or give its SHA-256 fingerprint: /msg NickServ CERT ADD FINGERPRINT",
  );
  await ann.ask(
    `NS CERT ADD ${FINGERPRINT}`,
    `${NICKSERV} guest :Added ${SHOWN_FINGERPRINT}: with that certificate and SASL EXTERNAL, your ` +
      "client logs in to ann without a password.",
  );
  await ann.ask(
    "NS CERT LIST",
    new RegExp(`^${NICKSERV} guest :${SHOWN_FINGERPRINT} \\(added on `),
    `${NICKSERV} guest :ann has 1 certificate.`,
  );
  await ann.ask(
    "NS CERT DEL AB:AB",
    `${NICKSERV} guest :Removed ${SHOWN_FINGERPRINT}: it no longer logs in to ann.`,
  );
  await ann.ask(
    "NS CERT DEL",
    `${NICKSERV} guest :Use /msg NickServ CERT ADD [FINGERPRINT] | LIST | DEL FINGERPRINT`,
  );
});

Deno.test("NickServ tells about accounts, and what it takes", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD, { isOperator: true });
  const bob = await room.register("bob");
  await bob.ask(
    "NS INFO ann",
    /^:NickServ!NickServ@irc\.test NOTICE bob :ann was registered on \d{4}-\d\d-\d\d\.$/,
    `${NICKSERV} bob :ann is an operator of this server.`,
  );
  await bob.ask(
    "NS INFO carl",
    `${NICKSERV} bob :carl is not registered. Anybody who uses the name can register it.`,
  );
  bob.send("NS");
  assertEquals(await bob.next(), `${NICKSERV} bob :What /msg NickServ takes:`);
  const help = await bob.sync();
  assert(help.some((line) => line.includes("IDENTIFY [NAME] PASSWORD - logs you in")), help.join());
  await bob.ask(
    "NS sekret99",
    `${NICKSERV} bob :NickServ does not know that command. /msg NickServ HELP lists its commands.`,
  );
});

Deno.test("ChanServ registers channels, and gives and takes powers", async () => {
  await using room = new IrcRoom();
  await room.accounts.register("ann", PASSWORD);
  await room.accounts.register("bob", PASSWORD);
  const ann = await room.register("guest");
  ann.send(`NS REGAIN ann ${PASSWORD}`, "JOIN #tea");
  await ann.sync();
  await ann.ask(
    "PRIVMSG ChanServ :REGISTER #nowhere",
    `${CHANSERV} ann :There is no channel #nowhere. /join #nowhere creates it.`,
  );
  await ann.ask(
    "PRIVMSG ChanServ :REGISTER ##nowhere",
    `${CHANSERV} ann :There is no channel ##nowhere.`,
  );
  ann.send("CS REGISTER #tea");
  await ann.until(/#tea is yours, and stays so when everybody has left\.$/);
  ann.send("CS OP #tea bob");
  await ann.sync();
  assertEquals(room.chat.access.rules("tea")!.roles.get("bob"), "moderator");
  ann.send("CS DEOP #tea bob", "CS VOICE #tea bob");
  await ann.sync();
  assertEquals(room.chat.access.rules("tea")!.roles.get("bob"), "voice");
  ann.send("CS INFO #tea");
  assertEquals(await ann.next(), `${CHANSERV} ann :#tea belongs to ann.`);
  await ann.sync();
  const eve = await room.register("eve");
  eve.send("CS DEOP #tea ann");
  assertMatch(await eve.next(), /^:ChanServ!ChanServ@irc\.test NOTICE eve :/);
  assertEquals(room.chat.access.rules("tea")!.roles.get("ann"), "owner");
  await ann.ask("CS OP tea", `${CHANSERV} ann :Use /msg ChanServ OP #CHANNEL [NAME]`);
});

Deno.test("What is written to services is neither said nor echoed", async () => {
  await using room = new IrcRoom();
  const ann = await room.register("ann", "echo-message", "labeled-response", "batch");
  ann.send(
    "@label=7 PRIVMSG NickServ :IDENTIFY zq-secret-zq",
    "NOTICE NickServ :IDENTIFY zq-secret-zq",
  );
  await ann.sync();
  const seen = JSON.stringify([ann.transcript, [...await room.state.all("accounts")]]);
  assert(!seen.includes("zq-secret"), seen);
});

Deno.test("ChanServ INFO knows no secret channel for those who are not in it", async () => {
  await using room = new IrcRoom();
  const [ann] = await room.registerIn("#den", "ann");
  ann.send("MODE #den +s");
  await ann.sync();
  const eve = await room.register("eve");
  eve.send("CS INFO #den");
  const told = (await eve.sync()).join("\n");
  assertEquals(told.includes("There is no channel #den"), true);
  assertEquals(/\bann\b/.test(told), false);
  ann.send("CS INFO #den");
  assertEquals(/until they leave: ann/.test((await ann.sync()).join("\n")), true);
});
