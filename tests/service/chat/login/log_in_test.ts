import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { Accounts } from "../../../../lib/domain/access/accounts/accounts.ts";
import { openRules } from "../../../../lib/domain/access/rules/room_rules.ts";
import { ChatRoom, type ChatRoomOptions, type Guest, settle } from "../../../support/chat_room.ts";
import { putInForce } from "../../../support/put_in_force.ts";
import { QUICK_HASHER } from "../../../support/quick_hasher.ts";

const PASSWORD = "tea at five";
const OTHER_PASSWORD = "coffee at six";
const WRONG = "! Wrong name or password. Try again, or ask an operator for a new password.";
const SHOWN = "* What you type cannot be hidden here: the password is visible on your screen. " +
  "Press Enter alone to cancel.";
const READABLE = "* What you type cannot be hidden here, and the connection is not encrypted: " +
  "the password is visible on your screen, and anyone who listens in can read it. Press " +
  "Enter alone to cancel.";
const REGISTERED = "* ann is a registered name. Press Enter alone to choose another one. What is " +
  "the password of ann?";
const ASKED = "* What is the password of ann?";
const NAME = "* What is your name?";
const LOGGED_IN = "* You are logged in as ann.";
const HERE = [
  LOGGED_IN,
  "* You are ann. /help lists the commands.",
  "* You are in #lobby. Nobody else is here yet.",
];

/** A chat in which ann has an account. */
async function withAnn(options?: ChatRoomOptions, isOperator = false): Promise<ChatRoom> {
  const chat = new ChatRoom(options);
  await chat.accounts.register("ann", PASSWORD, { isOperator });
  return chat;
}

/** A newcomer who has given a name, and skipped what they were told. */
async function named(chat: ChatRoom, ...lines: string[]): Promise<Guest> {
  const guest = chat.connect();
  guest.say(...lines);
  await settle();
  guest.forget();
  return guest;
}

/** The texts of all events of the lobby. */
async function said(chat: ChatRoom): Promise<string[]> {
  await settle();
  const events = await chat.log.read("lobby", 0, 1000);
  return events.map(({ body }) => body).filter((body) => body !== "");
}

/** Whether somebody is in the chat under that name. */
async function names(guest: Guest): Promise<string> {
  guest.say("/who");
  return (await guest.read()).join();
}

Deno.test("/register makes an account of a guest's name, which then takes the password", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  await ann.ask("/register", SHOWN, "* Choose a password for ann.");
  await ann.ask(PASSWORD, "* Once more, to be sure.");
  await ann.ask(
    PASSWORD,
    "* The name ann is yours: from now on it takes your password. You are logged in.",
  );
  assertEquals(ann.session.context.account, "ann");
  await ann.leave();
  const later = chat.connect();
  later.say("ANN");
  await later.expect(
    "* Welcome to Partyline. What is your name?",
    SHOWN,
    REGISTERED.replaceAll("ann ", "ANN ").replace("of ann", "of ANN"),
  );
  await later.ask(PASSWORD, ...HERE);
});

Deno.test("/register asks again after a password that is too short or too long, or two that differ", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.enter("ann");
  const question = "* Choose a password for ann.";
  ann.say("/register");
  await ann.read();
  await ann.ask("short", "! Passwords need at least 6 characters. Choose a longer one.", question);
  const long = "x".repeat(1025);
  await ann.ask(long, "! Passwords may have at most 1024 bytes. Choose a shorter one.", question);
  await ann.ask("x".repeat(4097), "! That is too long for a password.", question);
  await ann.ask("short", "! Passwords need at least 6 characters. Choose a longer one.", question);
  await ann.ask(PASSWORD, "* Once more, to be sure.");
  await ann.ask(
    OTHER_PASSWORD,
    "! The two differ, so nothing was changed. Try again.",
    question,
  );
  await ann.ask("", "* Cancelled.");
  await ann.ask("hello");
  assertEquals(await said(chat), ["hello"]);
  await ann.ask(
    "/register s3cret-password",
    "! Type /register alone: it makes an account of the name that you use, and asks for a " +
      "password. /nick NAME changes the name first.",
  );
  assertEquals(chat.accounts.list(), []);
});

Deno.test("A program may send the password before it is asked", async () => {
  await using chat = await withAnn();
  const ann = await named(chat, "ann", PASSWORD, "hello");
  assertStringIncludes(ann.transcript, LOGGED_IN);
  assertEquals((await said(chat)).at(-1), "hello");
  const other = await named(chat, `/login ann ${PASSWORD}`);
  assertStringIncludes(other.transcript, LOGGED_IN);
  const third = await chat.enter("bob");
  third.say(`/login ann ${PASSWORD}`);
  assertStringIncludes((await third.read()).join("\n"), LOGGED_IN);
});

Deno.test("A registered name, and what looks like it, takes its password; three wrong ones, and another name is asked", async () => {
  await using chat = await withAnn();
  const mallory = chat.connect();
  mallory.say("Ａnn");
  await mallory.read();
  await mallory.ask("wrong", WRONG, "* What is the password of Ａnn?");
  await mallory.ask(OTHER_PASSWORD, WRONG, "* What is the password of Ａnn?");
  await mallory.ask(
    OTHER_PASSWORD,
    WRONG,
    "! Those were 3 wrong passwords. Try again later, or use another name.",
    NAME,
  );
  await mallory.ask("ann", REGISTERED);
  await mallory.ask("", "* Cancelled.", NAME);
  mallory.say("mallory");
  await mallory.read();
  await mallory.ask("/nick ANN", REGISTERED.replaceAll("ann ", "ANN ").replace("of ann", "of ANN"));
  await mallory.ask("", "* Cancelled.");
  await mallory.ask("/nick ann", REGISTERED);
  await mallory.ask(PASSWORD, LOGGED_IN, "* You are ann.");
});

Deno.test("A password that comes too late is neither said nor somebody's name", async () => {
  await using chat = await withAnn();
  const ann = chat.connect();
  ann.say("ann");
  await ann.read();
  await chat.advance(60_000);
  await ann.expect("! Nothing came within 60 seconds.", NAME);
  const dropped = "! That was dropped, because it may be the password that you were asked for. " +
    "If it is something else, send it again.";
  await ann.ask("hunter2x", dropped, NAME);
  await ann.ask("jim", "* You are jim. /help lists the commands.", HERE[2]);
  await ann.ask("/login ann", ASKED);
  await chat.advance(60_000);
  await ann.expect("! Nothing came within 60 seconds.");
  await ann.ask("hunter2x", dropped);
  await ann.ask("hello");
  assertEquals(await said(chat), ["hello"]);
});

Deno.test("A password that is typed again after it was refused is not said in the room", async () => {
  await using chat = await withAnn();
  const dropped = "! That was dropped, because it may be the password that you were asked for. " +
    "If it is something else, send it again.";
  const jim = await chat.enter("jim");
  jim.say("/login ann", "wrong1", "wrong2");
  await jim.read();
  await jim.ask(
    "wrong3",
    WRONG,
    "! Those were 3 wrong passwords. Try again later, or use another name.",
  );
  await jim.ask("wrong4", dropped);
  await jim.ask("hello");
  jim.say("/login ann", "", "wrong5");
  assertEquals(await said(chat), ["hello", "wrong5"]);

  const ann = await named(chat, "ann", PASSWORD, "/password", "mistyped", OTHER_PASSWORD);
  await ann.ask(OTHER_PASSWORD, WRONG);
  await ann.ask("mistyped", dropped);
  await ann.ask("/password", "* What is the current password of ann?");
  ann.say(PASSWORD, OTHER_PASSWORD, OTHER_PASSWORD, "done");
  assertEquals(await said(chat), ["hello", "wrong5", "done"]);
});

Deno.test("The owner of an account gets its name back from another connection, and both are told", async () => {
  await using chat = await withAnn();
  const old = await named(chat, "ann", PASSWORD);
  const [bob] = await chat.enterAll("bob");
  const ann = chat.connect();
  ann.say("ann", PASSWORD);
  await ann.expect(
    "* Welcome to Partyline. What is your name?",
    SHOWN,
    REGISTERED,
    "* ann was still connected by tcp. That connection has ended.",
    LOGGED_IN,
    "* You are ann. /help lists the commands.",
    "* You are in #lobby with bob.",
  );
  await old.expect(
    "! ann has logged in on another connection, by tcp, so this one has ended. If that was not " +
      "you, log in and change the password with /password.",
  );
  assert(old.hasEnded);
  await bob.expect("* ann left", "* ann joined");
});

Deno.test("/login renames somebody to their account", async () => {
  await using chat = await withAnn();
  const [jim, bob] = await chat.enterAll("jim", "bob");
  await jim.ask("/login", "! There is no account jim. /login NAME logs in to another one.");
  await jim.ask("/login ann", SHOWN, ASKED);
  await jim.ask(PASSWORD, LOGGED_IN);
  await bob.expect("* jim is now ann");
  await jim.ask("/login ANN", "* You are already logged in as ANN.");
});

Deno.test("/login refuses a name without an account in the same words as a wrong password", async () => {
  await using chat = await withAnn();
  const [jim] = await chat.enterAll("jim");
  for (const name of ["ann", "nobody"]) await jim.ask(`/login ${name} ${OTHER_PASSWORD}`, WRONG);
});

Deno.test("/logout takes back the name, the power and the rooms that came with the account", async () => {
  await using chat = await withAnn();
  const rules = {
    ...openRules("ops"),
    isPrivate: true,
    roles: new Map([["ann", "owner" as const]]),
  } as const;
  putInForce(chat.access, rules);
  const [bob] = await chat.enterAll("bob");
  const ann = await named(chat, "ann", PASSWORD, "/join ops", "/join lobby", "/ignore carl");
  ann.forget();
  await ann.ask(
    "/logout",
    "* You are logged out of ann.",
    "* #ops is private, and you have no invitation. Ask somebody in it for one.",
    "* You are now called ann2. /nick NAME changes that.",
  );
  assertEquals(ann.session.context.account, undefined);
  await bob.expect("* ann joined", "* ann is now ann2");
  await ann.ask("/ignore", "* You aren't ignoring anyone.");
  await ann.ask("/logout", "! You are not logged in. /login NAME does that.");
});

Deno.test("/password asks for the old one, and logs out others of the account", async () => {
  await using chat = await withAnn();
  const first = await named(chat, "ann", PASSWORD, "/nick ann-phone");
  const ann = await named(chat, "ann", PASSWORD);
  await first.read();
  await ann.ask("/password", "* What is the current password of ann?");
  await ann.ask(PASSWORD, "* Choose the new one.");
  await ann.ask(OTHER_PASSWORD, "* Once more, to be sure.");
  await ann.ask(OTHER_PASSWORD, "* The password of ann has been changed.");
  await first.expect(
    "* The password of ann was changed, so you are logged out. If you know the new one, log in " +
      "with /login ann; otherwise ask an operator of this server.",
  );
  assertEquals(ann.session.context.account, "ann");
  await first.ask("/account", ...[
    "* You are a guest called ann-phone, without an account.",
    "* /register makes an account of your name. /login NAME logs in to yours.",
  ]);
  await ann.ask("/password", "* What is the current password of ann?");
  ann.say(PASSWORD, PASSWORD);
  await ann.read();
  await ann.ask(PASSWORD, WRONG);
});

Deno.test("/account shows the sessions of an account, and how to add more", async () => {
  await using chat = await withAnn({ address: "192.0.2.7" }, true);
  await named(chat, "ann", PASSWORD, "/nick ann-phone");
  const ann = await named(chat, "ann", PASSWORD);
  await ann.ask(
    "/account",
    "* You are logged in as ann. It was registered on 2026-11-21. It is an operator of this server.",
    "* Logged in as ann-phone by tcp from 192.0.2.7.",
    "* Logged in as ann by tcp from 192.0.2.7 (this connection).",
    "* It has a password and no SSH keys. /password and /key change that. Your settings, what you " +
      "have read and whom you ignore are kept with it. /logout logs out.",
    "* Only one connection at a time can have the name. To log in on another one as well, change your name " +
      "here first, for example with /nick ann2.",
  );
});

Deno.test("What happens to an account elsewhere is told to whoever is logged in to it", async () => {
  await using chat = await withAnn();
  const ann = await named(chat, "ann", PASSWORD);
  await chat.accounts.setOperator("ann", true);
  await ann.expect("* You are now an operator of this server.");
  await ann.ask("/join moderation", "* You are in #moderation. Nobody else is here yet.");
  await chat.accounts.setOperator("ann", false);
  await ann.expect(
    "* You are no longer an operator of this server.",
    "* You are no longer in #moderation. #moderation is for operators of the server. Log in as " +
      "one with /login. You are now talking in #lobby.",
  );
  await chat.accounts.remove("ann");
  await ann.expect("* The account ann was removed from this server, so you are logged out.");
  assertStringIncludes(await names(ann), "ann");
  // Now a guest; an account of that name is somebody else's.
  await chat.accounts.register("ann", OTHER_PASSWORD, { isTrusted: true });
  await ann.expect(
    "* An account with the name ann was added, so you are now called ann2. If it is yours, log " +
      "in with /login ann.",
  );
});

Deno.test("Settings, marks and ignores belong to the account, and outlive a restart", async () => {
  await using before = await withAnn();
  const ann = await before.enter("jim");
  ann.say("/set width 40", `/login ann ${PASSWORD}`, "/set bell on", "/ignore carl");
  await settle();
  await ann.leave();
  const { state, clock } = before;
  const accounts = await Accounts.open({ state, clock, hasher: QUICK_HASHER });
  await using chat = new ChatRoom({ state, clock, accounts });
  const jim = await named(chat, "jim");
  jim.say("/set bell", "/ignore");
  assertEquals(await jim.read(), [
    "* bell is off (ring the bell at:",
    "  mention, all or off)",
    "* You aren't ignoring anyone.",
  ]);
  const again = await named(chat, "ann", PASSWORD);
  again.say("/set bell", "/ignore");
  assertEquals(await again.read(), [
    "* bell is mention (ring the bell at:",
    "  mention, all or off)",
    "* You are ignoring carl.",
  ]);
  await chat.accounts.remove("ann");
  await settle();
  const records = JSON.stringify([...await state.all("account-records")]);
  assertEquals(records, "[]");
});

Deno.test("A password is not asked without saying that it can be seen or read, where it can", async () => {
  const cases = [
    ["tcp", "192.0.2.7", READABLE],
    ["tcp", "127.0.0.1", SHOWN],
    ["tcp", "::1", SHOWN],
    ["tls", "192.0.2.7", SHOWN],
    ["unix", undefined, SHOWN],
  ] as const;
  for (const [transport, address, warning] of cases) {
    await using chat = await withAnn({ address });
    const ann = chat.connect(transport);
    ann.say("ann");
    await ann.expect("* Welcome to Partyline. What is your name?", warning, REGISTERED);
  }
});

Deno.test("At a terminal, a password is hidden, and Ctrl-C cancels", async () => {
  await using chat = await withAnn({ address: "192.0.2.7" });
  const ann = await chat.enterTerminal("ann", { columns: 100 });
  const asked = [
    "* Welcome to Partyline. What is your name?",
    "name> ann",
    "* This connection is not encrypted: anyone who listens in can read the password. Press Enter alone",
    "  to cancel.",
    REGISTERED,
  ];
  ann.type("s3cr");
  await chat.paint();
  assertEquals(await ann.rows(), [...asked, "password>"]);
  ann.type("\x03");
  await chat.paint();
  assertEquals((await ann.rows()).slice(asked.length), ["* Cancelled.", NAME, "name>"]);
  ann.type(`ann\r`);
  await chat.paint();
  ann.type(`${PASSWORD}\r`);
  await chat.paint();
  assertEquals((await ann.rows()).slice(-5), [
    "password>",
    LOGGED_IN,
    "* You are ann. /help lists the commands.",
    "* You are in #lobby. Nobody else is here yet.",
    "#lobby>",
  ]);
  ann.type("\x1b[A\x1b[A\x1b[A");
  await chat.paint();
  assertEquals(await ann.beforeCursor(), "#lobby> ann");
  assertNotMatch(ann.transcript, /tea at five/);
});

Deno.test("A line with a password typed at a terminal leaves no trace", async () => {
  await using chat = await withAnn();
  const ann = await chat.enterTerminal("jim");
  ann.type(`/login ann ${PASSWORD}`);
  ann.type("\t");
  await chat.paint();
  assertStringIncludes((await ann.rows()).at(-1)!, `/login ann ${PASSWORD}`);
  ann.type("\r");
  await chat.paint();
  assertEquals((await ann.rows()).slice(-3), ["#lobby>", LOGGED_IN, "#lobby>"]);
  assert(!(await ann.rows()).join("\n").includes(PASSWORD));
  ann.type("\x12tea");
  await chat.paint();
  assertNotMatch((await ann.rows()).join("\n"), /tea at five/);
});

const LOOKS = "! That looks like a log-in, so it was not said. To log in, type /login and your " +
  "name; the password is asked for. To talk about it, begin the line with another word.";

Deno.test("A line that looks like a log-in is never said", async () => {
  await using chat = await withAnn();
  const [jim, bob] = await chat.enterAll("jim", "bob");
  const lines = [
    " /login ann s3cret",
    "//login ann s3cret",
    "/login:s3cret",
    "login ann s3cret",
    "LOGIN: jim s3cret",
    "\t//register s3cret",
    "/me /password s3cret",
    "/topic /identify s3cret",
    "/msg bob /login ann s3cret",
    "nickserv identify s3cret",
    "login nobody s3cret",
  ];
  for (const line of lines) await jim.ask(line, LOOKS);
  await jim.ask("hello");
  await jim.ask("login is broken");
  await jim.ask("the page /login is broken");
  await jim.ask("/login/form is broken");
  await bob.expect(
    "<jim> hello",
    "<jim> login is broken",
    "<jim> the page /login is broken",
    "<jim> /login/form is broken",
  );
  assertEquals((await said(chat)).join().includes("s3cret"), false);
});

Deno.test("A pasted block in which a line looks like a log-in is not said", async () => {
  await using chat = await withAnn();
  const jim = await chat.enterTerminal("jim", { columns: 200 });
  for (const key of ["b", "m"]) {
    jim.type("\x1b[200~hello\n/login ann s3cret\x1b[201~");
    await chat.paint();
    jim.type(key);
    await chat.paint();
  }
  assertEquals(await said(chat), ["hello"]);
});

Deno.test("Guests who stay on a server that is closed can log in, and write to nobody before", async () => {
  await using chat = await withAnn();
  const [jim, tom] = await chat.enterAll("jim", "tom");
  await jim.ask("/msg tom hello", "-> tom: hello");
  await tom.expect("jim -> you: hello");
  chat.access.configure({ isClosed: true });
  const refused = "! This server is for people with an account. Log in first.";
  for (const line of ["hello", "/me waves", "/msg tom hello", "/join ops"]) {
    await jim.ask(line, refused);
  }
  await tom.ask("/reply hello", refused);
  await jim.ask("/login ann", SHOWN, "* What is the password of ann?");
});

Deno.test("A closed server asks every name for a password, and says whom to ask", async () => {
  await using chat = await withAnn({ isClosed: true });
  const closed = (name: string) =>
    "* Only people with an account may enter this server. Press Enter alone for another name. " +
    `What is the password of ${name}?`;
  const guest = chat.connect();
  guest.say("nobody");
  await guest.expect("* Welcome to Partyline. What is your name?", SHOWN, closed("nobody"));
  guest.say(PASSWORD, "", "ann");
  await guest.expect(
    WRONG,
    "* What is the password of nobody?",
    "* Cancelled.",
    NAME,
    closed("ann"),
  );
  await guest.ask(PASSWORD, ...HERE);
  await guest.ask(
    "/nick jim",
    "! On this server you are called by the name of your account, and cannot take another one.",
  );
  await guest.ask(
    "/register",
    "! Accounts of this server are added by whoever runs it. Ask them for one.",
  );
  guest.say("/join ops", "/room register");
  await guest.read();
  await guest.ask(
    "/invite nobody",
    "! There is no account nobody. Only the server's administrator can create accounts.",
  );
  guest.say("/help");
  assertEquals((await guest.read()).some((line) => line.startsWith("* /register")), false);
  await guest.ask(
    "/logout",
    "* You are logged out of ann.",
    "! Only people with an account may stay. Connect again and log in.",
  );
  assert(guest.hasEnded);
});

Deno.test("The password of the server is asked for first, three times", async () => {
  await using chat = new ChatRoom({ serverPassword: "open sesame" });
  const ask = "* This server has a password. What is it?";
  const wrong = "! That is not the server's password. Ask whoever runs the server.";
  const mallory = chat.connect();
  await chat.clock.advance(200);
  await mallory.expect(SHOWN, ask);
  await mallory.ask("ann", wrong, ask);
  await mallory.ask("open sesam", wrong, ask);
  await mallory.ask("OPEN SESAME", wrong, "* Goodbye. Reconnect to try again.");
  assert(mallory.hasEnded);
  const ann = chat.connect();
  await chat.clock.advance(200);
  await ann.expect(SHOWN, ask);
  await ann.ask("open sesame", "* Welcome to Partyline. What is your name?");
  await ann.ask("ann", "* You are ann. /help lists the commands.", HERE[2]);
});
