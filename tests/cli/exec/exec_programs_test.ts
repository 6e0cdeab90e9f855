import { assertEquals, assertMatch } from "@std/assert";
import { EXEC_COMMANDS } from "../../../lib/cli/exec/exec_commands.ts";
import { ExecRoom } from "../../support/exec_room.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";

Deno.test("help lists all commands, and each has its own help", async () => {
  await using room = new ExecRoom();
  const help = (await room.lines("help")).join("\n");
  for (const { name, usage, summary } of EXEC_COMMANDS) {
    assertMatch(help, new RegExp(`^  ${name} `, "m"));
    const own = await room.lines(`${name} --help`);
    assertEquals(own.slice(0, 3), [`${name}: ${summary}`, "", `usage: ${usage}`]);
    assertEquals(await room.lines(`help ${name}`), own);
    assertEquals(own.filter((line) => line.length > 80), [], name);
  }
});

Deno.test("An unknown command has the status of a shell, and the nearest one is named", async () => {
  await using room = new ExecRoom();
  for (
    const [command, sentence] of [
      ["whom", 'There is no command "whom": did you mean who?'],
      ["xyzzy a b", 'There is no command "xyzzy". The command help lists them.'],
      ["constructor", 'There is no command "constructor". The command help lists them.'],
      ["bash -c 'rm -rf /'", 'There is no command "bash". The command help lists them.'],
      ["", 'There is no command "". The command help lists them.'],
    ]
  ) {
    const expected = { status: 127, stdout: "", stderr: `${sentence}\n` };
    assertEquals(await room.run(command), expected, command);
  }
});

Deno.test("Wrong usage has status 2, the sentence and the usage", async () => {
  await using room = new ExecRoom();
  for (
    const [command, sentence] of [
      ["tail", "tail needs a room"],
      ["tail a b", 'Unexpected argument "b": tail takes one room'],
      ["tail a -n x", 'Cannot parse --lines "x": use a whole number from 0 to 1000000000'],
      ["rooms x", 'Unexpected argument "x": rooms takes nothing'],
      ["history lobby 0x", 'Cannot parse "0x": use a whole number up to 10000'],
      ["export --output x", "Unknown option --output"],
      ["log", "log needs a room"],
      ["log a --from 3", "Option --from needs --ack as well, as in log build --ack 1000 --from 0"],
      [
        "log a --charset klingon",
        "Cannot parse --charset klingon: use an encoding such as gbk or latin1",
      ],
    ]
  ) {
    const { status, stderr } = await room.run(command);
    const [word] = command.split(" ");
    const { usage } = EXEC_COMMANDS.find(({ name }) => name === word)!;
    assertEquals(
      [status, stderr],
      [2, `${sentence}\nusage: ${usage}; see ${word} --help\n`],
      command,
    );
  }
});

Deno.test("A closed server runs nothing for those without an account", async () => {
  await using room = new ExecRoom({ isClosed: true });
  await room.addAccount("ann");
  const { status, stderr } = await room.run("rooms");
  assertEquals([status, stderr], [
    1,
    "This server is for people with an account. Log in first.\n",
  ]);
  const identity = { name: "ann", account: "ann" };
  assertEquals((await room.run("rooms", { identity })).status, 0);
});

Deno.test("An internal error is a sentence for people, and no more", async () => {
  await using room = new ExecRoom();
  room.log.rooms = () => Promise.reject(new TypeError("secret detail"));
  assertEquals(await room.run("rooms"), {
    status: 1,
    stdout: "",
    stderr: "Internal error. It was logged; try again later.\n",
  });
});

Deno.test("Any command line is run or refused with a sentence", async () => {
  await using room = new ExecRoom();
  const random = new SeededRandom(SEED);
  const pieces = [
    ...EXEC_COMMANDS.map(({ name }) => name),
    ...["help", "lobby", "--json", "-n", "3", "--room", "--from", "--since", "2h", "--", "-"],
    ...[
      "'",
      '"',
      "\\",
      "\0",
      "\x1b[2J",
      "é",
      "#",
      "@bob",
      "=",
      "--format",
      "csv",
      "--ack",
      "--help",
    ],
  ];
  for (let round = 0; round < rounds(300, 10_000); round++) {
    const words = Array.from(
      { length: 1 + random.int(6) },
      () => pieces[random.int(pieces.length)] + (random.int(4) === 0 ? pieces[random.int(9)] : ""),
    );
    const command = words.join(" ");
    const { status, stdout, stderr } = await room.run(command, { input: "a\nb\n" });
    assertEquals([0, 1, 2, 127].includes(status), true, `${status} ${command}`);
    const shown = stdout + stderr;
    assertEquals(/Internal|^\s+at /m.test(shown), false, command + stderr);
    assertEquals(["\0", "\x1b"].filter((control) => shown.includes(control)), [], command);
  }
});
