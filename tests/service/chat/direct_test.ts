import { assertEquals } from "@std/assert";
import { ChatRoom, type Guest, settle } from "../../support/chat_room.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import { logInAs } from "../../support/account_people.ts";

/** What a guest was shown last on entering. */
function lastLine({ transcript }: Guest): string | undefined {
  return transcript.trimEnd().split("\r\n").at(-1);
}

async function bodiesOf(chat: ChatRoom, room: string): Promise<string[]> {
  return (await chat.log.read(room, 0, 1000)).map(({ body }) => body);
}

Deno.test("/msg between two accounts is kept and numbered, and shown to the two alone", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("Ann");
  const bob = await chat.logIn("bob");
  const carl = await chat.logIn("carl");
  for (const guest of [ann, bob]) guest.forget();
  await ann.ask("/msg bob hello  there", "-> bob: hello  there");
  await bob.expect("Ann -> you: hello  there");
  await bob.ask("/reply hi", "-> Ann: hi");
  await ann.expect("bob -> you: hi");
  await carl.expect();
  const events = await chat.log.read("@ann+bob", 0, 10);
  assertEquals(events.map(({ seq, kind, from, body }) => [seq, kind, from, body]), [
    [1, "message", "Ann", "hello  there"],
    [2, "message", "bob", "hi"],
  ]);
});

Deno.test("/msg reaches somebody who is away on coming back, once", async () => {
  await using chat = new ChatRoom();
  await chat.addAccount("bob");
  const ann = await chat.logIn("ann");
  await ann.ask(
    "/msg bob one",
    "-> bob: one",
    "* bob is not here, and will see it when they return.",
  );
  ann.say("/msg BOB two", "/msg bob three");
  await settle();
  const bob = await chat.logIn("bob");
  assertEquals(lastLine(bob), "* 3 unread messages from ann. /msg ann shows them.");
  await bob.ask("/msg", "* ann  3 messages, 3 unread");
  const lines = await (bob.say("/msg ann"), bob.read());
  assertEquals(lines.map((line) => line.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, "")), [
    "@ann#1 <ann> one",
    "@ann#2 <ann> two",
    "@ann#3 <ann> three",
  ]);
  await bob.ask("/msg", "* ann  3 messages");
  await bob.ask("/reply thanks", "-> ann: thanks");
  await bob.leave();
  const again = await chat.logIn("bob");
  assertEquals(again.transcript.includes("unread"), false);
});

Deno.test("what is shown live while older messages are unread leaves those unread", async () => {
  await using chat = new ChatRoom();
  await chat.addAccount("bob");
  const ann = await chat.logIn("ann");
  ann.say("/msg bob one");
  await settle();
  const bob = await chat.logIn("bob");
  assertEquals(lastLine(bob), "* 1 unread message from ann. /msg ann shows it.");
  ann.say("/msg bob two");
  await bob.expect("ann -> you: two");
  await bob.ask("/msg", "* ann  2 messages, 2 unread");
});

Deno.test("all sessions of both accounts see a private message", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const phone = await chat.enter("ann-phone");
  await logInAs(chat, "ann-phone", "ann");
  const bob = await chat.logIn("bob");
  ann.forget();
  await ann.ask("/msg bob hi", "-> bob: hi");
  await phone.expect("-> bob: hi");
  await bob.expect("ann -> you: hi");
  await bob.ask("/msg ann-phone hello", "-> ann: hello");
  await phone.expect("bob -> you: hello");
  await ann.expect("bob -> you: hello");
  await phone.ask(
    "/msg ann hi",
    "! That is your own name. /msg NAME TEXT writes to somebody else.",
  );
});

Deno.test("a guest can write to an account that is here, and is told that it is not kept", async () => {
  await using chat = new ChatRoom();
  await chat.addAccount("zed");
  const ann = await chat.logIn("ann");
  const guest = await chat.enter("gus");
  await guest.ask(
    "/msg ann hi",
    "-> ann: hi",
    "* This is not kept, because you have no account. /register makes your name one.",
  );
  await ann.expect("gus -> you: hi");
  await guest.ask(
    "/msg zed hi",
    "! zed is not here, and only people with an account can leave messages. /register makes your " +
      "name one.",
  );
});

Deno.test("an ignored account's messages are kept, and not shown or announced", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  bob.say("/ignore ann");
  await settle();
  bob.forget();
  ann.forget();
  await ann.ask("/msg bob psst", "-> bob: psst");
  await bob.expect();
  assertEquals(await bodiesOf(chat, "@ann+bob"), ["psst"]);
  await bob.ask("/ignore ann", "* You are no longer ignoring ann.");
  await bob.ask("/msg", "* ann  1 message, 1 unread");
});

Deno.test("/history @NAME, /history before and around, and /quote of a conversation", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  await chat.logIn("bob");
  ann.say("/msg bob one", "/msg bob two", "/msg bob three");
  await settle();
  ann.forget();
  const ask = async (line: string) => {
    ann.say(line);
    return (await ann.read()).map((line) => line.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, ""));
  };
  assertEquals(await ask("/history @bob 2"), ["@bob#2 <ann> two", "@bob#3 <ann> three"]);
  assertEquals(await ask("/history 1 before @bob#3"), ["@bob#2 <ann> two"]);
  assertEquals(await ask("/history 1 around @ann+bob#1"), ["@bob#1 <ann> one"]);
  assertEquals(await ask("/quote @bob#1"), [
    "! That was said privately, so it cannot be quoted in #lobby.",
  ]);
});

Deno.test("nobody else can tell a conversation from one that does not exist", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  await chat.logIn("bob");
  const carl = await chat.logIn("carl");
  const guest = await chat.enter("gus");
  ann.say("/msg bob secret");
  await settle();
  const { member } = chat.chat.people.find("carl")!;
  for (const isOperator of [false, true]) {
    member.isOperator = isOperator;
    for (const asker of [carl, guest]) {
      asker.forget();
      for (
        const line of [
          "/history @ann+bob",
          "/history 5 before @ann+bob#2",
          "/history 5 around @bob+ann#1",
          "/quote @ann+bob#1",
          "/join @ann+bob",
          "/who @ann+bob",
        ]
      ) {
        const answers: string[][] = [];
        for (const other of ["ann", "zoe"]) {
          asker.say(line.replaceAll("ann", other));
          answers.push((await asker.read()).map((line) => line.replaceAll(other, "X")));
        }
        assertEquals(answers[0].length, 1, line);
        assertEquals(
          answers[0][0].replace("bob+X", "X+bob"),
          answers[1][0].replace("bob+X", "X+bob"),
        );
      }
      asker.say("/rooms");
      assertEquals((await asker.read()).filter((line) => line.includes("@")), []);
    }
    await carl.ask(
      "/msg",
      "* You have no private messages yet. /msg NAME TEXT writes to somebody.",
    );
  }
});

Deno.test("somebody who has logged out is shown no more of the account's messages", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  ann.forget();
  bob.say("/logout");
  await settle();
  for (const guest of [ann, bob]) guest.forget();
  await ann.ask(
    "/msg bob2 psst",
    "-> bob2: psst",
    "* This is not kept, because bob2 is not logged in to an account.",
  );
  await bob.expect("ann -> you: psst");
  await ann.ask(
    "/msg bob secret",
    "-> bob: secret",
    "* bob is not here, and will see it when they return.",
  );
  await bob.expect();
  bob.say("/login bob", "correct horse");
  await settle();
  assertEquals(lastLine(bob), "* 1 unread message from ann. /msg ann shows it.");
});

Deno.test("a slow reader gets all private messages, each once and in order", async () => {
  await using chat = new ChatRoom({ outboxBytes: 4000 });
  const ann = await chat.logIn("ann");
  const carl = await chat.logIn("carl");
  const bob = await chat.logIn("bob");
  bob.pause();
  const text = "x".repeat(500);
  for (let number = 0; number < 100; number++) {
    ann.say(`/msg bob a${number} ${text}`);
    carl.say(`/msg bob c${number} ${text}`);
  }
  for (const room of ["@ann+bob", "@bob+carl"]) {
    while ((await chat.log.room(room))?.lastSeq !== 100) await settle();
  }
  bob.resume();
  const lines: string[] = [];
  while (lines.length < 200) lines.push(...await bob.read());
  for (const sign of ["a", "c"]) {
    assertEquals(
      lines.map((line) => line.split(" ")[3]).filter((word) => word.startsWith(sign)),
      Array.from({ length: 100 }, (_, number) => `${sign}${number}`),
    );
  }
  assertEquals(lines.length, 200);
  await bob.ask("/msg", "* carl  100 messages", "* ann  100 messages");
});

Deno.test("after a crash every message is there, and at most the latest marks are missing", async () => {
  const state = new MemoryStateStore();
  await using before = new ChatRoom({ state });
  const { log, accounts } = before;
  const ann = await before.logIn("ann");
  await before.logIn("bob");
  await ann.ask("/msg bob one", "-> bob: one");
  await before.advance(2000);
  await ann.ask("/msg bob two", "-> bob: two");
  // Another server starts with what is on disk now; the first one never said goodbye.
  await using after = new ChatRoom({ accounts, state, log });
  const bob = await after.logIn("bob");
  assertEquals(lastLine(bob), "* 1 unread message from ann. /msg ann shows it.");
  bob.say("/msg ann");
  assertEquals((await bob.read()).map((line) => line.slice(0, 6)), ["@ann#2"]);
});

Deno.test("an account that was removed leaves its messages to the other one", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  await bob.ask("/msg ann hi", "-> ann: hi");
  await ann.expect("bob -> you: hi");
  await bob.leave();
  await ann.expect("* bob left");
  await chat.accounts.remove("bob");
  await ann.ask("/msg", "* bob  1 message");
  ann.say("/history @bob");
  assertEquals((await ann.read()).length, 1);
  await ann.ask(
    "/reply hello?",
    "! The account bob no longer exists. /msg NAME TEXT writes to somebody else.",
  );
});

Deno.test("names that look alike are one account, and its conversation one room", async () => {
  await using chat = new ChatRoom();
  const nikos = await chat.logIn("ΝΙΚΟΣ");
  const ann = await chat.logIn("ann");
  await chat.logIn("anna");
  nikos.forget();
  ann.forget();
  await ann.ask("/msg νικος one", "-> ΝΙΚΟΣ: one");
  await nikos.expect("ann -> you: one");
  await nikos.ask("/msg ＡＮＮ two", "-> ann: two");
  nikos.say("/history @ANN");
  assertEquals((await nikos.read()).length, 2);
  const rooms = await chat.log.directRooms("ann", 10);
  assertEquals(rooms.map(({ name, lastSeq }) => [name, lastSeq]), [["@ann+νικος", 2]]);
  assertEquals(await chat.log.directRooms("anna", 10), []);
});

Deno.test("a private message that cannot be stored is seen by nobody", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  ann.forget();
  chat.log.isFull = true;
  ann.say("/msg bob lost");
  const [line] = await ann.read();
  assertEquals(line.startsWith("! Your last line could not be stored"), true, line);
  chat.log.isFull = false;
  await bob.expect();
});

Deno.test("/redact removes a private message for both, if its author asks", async () => {
  await using chat = new ChatRoom();
  const ann = await chat.logIn("ann");
  const bob = await chat.logIn("bob");
  const mia = await chat.logIn("mia");
  await chat.accounts.setOperator("mia", true);
  await settle();
  for (const guest of [ann, bob, mia]) guest.forget();
  await ann.ask("/msg bob the code is quagga", "-> bob: the code is quagga");
  await bob.expect("ann -> you: the code is quagga");
  await bob.ask("/redact @ann#1", "! Only ann can redact what ann wrote.");
  await mia.ask("/redact @ann+bob#1", "! There is no conversation @ann+bob. /msg lists yours.");
  await ann.ask("/redact @bob#9", "! @bob has no #9. /history shows the numbers.");
  await ann.ask("/redact @bob#1 wrong window", "* ann redacted @bob#1 (wrong window)");
  await bob.expect("* ann redacted @ann#1 (wrong window)");
  await ann.ask("/redact @bob#1", "! #1 of @bob has already been redacted.");
  assertEquals(await bodiesOf(chat, "@ann+bob"), ["", "wrong window"]);
  assertEquals((await bodiesOf(chat, "moderation")).length, 0);
  const lines = await (bob.say("/history @ann"), bob.read());
  assertEquals(lines.map((line) => line.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, "")), [
    "@ann#1 <ann> (redacted by ann: wrong window)",
    "@ann#2 * ann redacted #1 (wrong window)",
  ]);
});
