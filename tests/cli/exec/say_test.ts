import { assertEquals, assertMatch } from "@std/assert";
import { ExecRoom } from "../../support/exec_room.ts";

const ANN = { name: "ann", account: "ann" };

Deno.test("say says its text as it is, and is done once that is stored", async () => {
  await using room = new ExecRoom();
  const bob = await room.enter("bob");
  const texts: readonly [command: string, text: string][] = [
    ["say lobby hello world", "hello world"],
    [`say lobby "it's done; see #12"`, "it's done; see #12"],
    ["say lobby it's Ann's  cat & $HOME", "it's Ann's  cat & $HOME"],
    [`say #lobby "a" and "b"`, `"a" and "b"`],
    ["say lobby --help", "--help"],
    ["say lobby -- x", "-- x"],
  ];
  for (const [command, text] of texts) {
    assertEquals(await room.run(command), { status: 0, stdout: "", stderr: "" });
    assertEquals((await room.log.read("lobby", 0, 100)).at(-1)?.body, text);
    await bob.expect(`<jack> ${text}`);
  }
  assertEquals((await room.log.read("lobby", 0, 100)).at(-1)?.via, "ssh");
});

Deno.test("say without a text says the lines of standard input", async () => {
  await using room = new ExecRoom();
  const bob = await room.enter("bob");
  const input = `one\n\ntwo\r\n${"x".repeat(5000)}\nthree`;
  assertEquals(await room.run("say lobby", { input }), {
    status: 1,
    stdout: "",
    stderr: "A line of more than 4096 bytes was not said. Split it.\n",
  });
  await bob.expect("<jack> one", "<jack> two", "<jack> three");
});

Deno.test("say --block says all of standard input as one message, or nothing", async () => {
  await using room = new ExecRoom();
  const bob = await room.enter("bob");
  const body = "#include <x>\n\n  /quit";
  const result = await room.run("say --block lobby", {
    input: `${body.replace("\n", "\r\n")}\n\n`,
  });
  assertEquals(result, { status: 0, stdout: "", stderr: "" });
  await bob.expect("<jack> #include <x>", "<jack> ", "<jack>   /quit");
  assertEquals((await room.log.read("lobby", 0, 100)).at(-1)?.body, body);
  const long = "x".repeat(5000);
  assertEquals((await room.run("say --block lobby", { input: `${long}\nend` })).status, 0);
  await bob.expect(`<jack> ${long}`, "<jack> end");
  for (
    const [input, sentence] of [
      ["x\n".repeat(300), "A message may have up to 200 lines; this one has 201"],
      ["x".repeat(20_000), "A line has more than 16,384 bytes"],
      [`${"x".repeat(4000)}\n`.repeat(5), "A message may have up to 16,384 bytes"],
      ["", "say needs a text"],
    ]
  ) {
    const { status, stderr } = await room.run("say --block lobby", { input });
    assertEquals([status > 0, stderr.startsWith(sentence)], [true, true], stderr);
  }
  await bob.expect();
});

Deno.test("say stops waiting for lines at Ctrl-C", async () => {
  await using room = new ExecRoom();
  const bob = await room.enter("bob");
  const say = room.start("say lobby");
  say.send("one\n");
  await bob.expect("<jack> one");
  say.interrupt();
  assertEquals((await say.result()).status, 130);
  await bob.expect();
});

Deno.test("say speaks for an account, even while its owner is in the chat", async () => {
  await using room = new ExecRoom();
  await room.logIn("ann");
  const bob = await room.enter("bob");
  assertEquals((await room.run("say lobby hello", { identity: ANN })).status, 0);
  await bob.expect("<ann> hello");
});

Deno.test("say lets a guest speak by no name that is somebody's", async () => {
  await using room = new ExecRoom();
  await room.addAccount("ann");
  const bob = await room.enter("bob");
  for (const name of ["bob", "ann", "server", "a b"]) {
    const { status, stdout, stderr } = await room.run("say lobby hello", { identity: { name } });
    assertEquals([status, stdout], [1, ""], name);
    assertMatch(stderr, /^[^\n]{10,100}\n$/, name);
  }
  await bob.expect();
});

Deno.test("say asks the rules of the room", async () => {
  await using room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "plans" });
  ann.say("/room register", "/room private on");
  await ann.read();
  assertEquals((await room.run("say plans hello", { identity: ANN })).status, 0);
  await ann.expect("<ann> hello");
  const { status, stderr } = await room.run("say plans hello");
  assertEquals([status, stderr.split(".")[0]], [1, "There is no room #plans"]);
  await ann.expect();
});

Deno.test("say says nothing that looks like a log-in, or that is too long or nothing", async () => {
  await using room = new ExecRoom();
  await room.addAccount("ann");
  const cases: readonly [command: string, status: number, sentence: string][] = [
    ["say lobby /login ann secret", 1, "That looks like a log-in, so nothing was said"],
    [
      `say lobby ${"é".repeat(8200)}`,
      1,
      "A message may have up to 16,384 bytes; this one has 16,400",
    ],
    ['say lobby ""', 2, "say needs a text\nusage: say [--block] ROOM [TEXT]; see say --help\n"],
    ["say", 2, "say needs a room\nusage: say [--block] ROOM [TEXT]; see say --help\n"],
    ["say a/b x", 1, "Room names may contain only letters, digits, _ - and "],
  ];
  for (const [command, status, sentence] of cases) {
    const result = await room.run(command);
    assertEquals([result.status, result.stderr.split(". ")[0].replace(/\.\n$/, "")], [
      status,
      sentence.replace(/\.\n$/, ""),
    ], command.slice(0, 40));
  }
});

Deno.test("say tells when nothing can be stored", async () => {
  await using room = new ExecRoom();
  room.log.isFull = true;
  assertEquals(await room.run("say lobby hello"), {
    status: 1,
    stdout: "",
    stderr: "Nothing was said. The server's disk may be full; try again later.\n",
  });
  room.log.isFull = false;
});
