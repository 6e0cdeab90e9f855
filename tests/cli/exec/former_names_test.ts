/** What every command over SSH does with the former name of a registered room. */

import { assertEquals } from "@std/assert";
import { EXEC_COMMANDS } from "../../../lib/cli/exec/exec_commands.ts";
import { settle } from "../../support/chat_room.ts";
import { ExecRoom } from "../../support/exec_room.ts";

const NOW = "#ops is #duty now.";
const EARLIER = `${NOW} Earlier messages are in #ops.\n`;
const BOB = { name: "bob", account: "bob" };

/** A command, the beginning of what it prints, and what it says on standard error. */
const RESULTS: readonly (readonly [command: string, stdout: string, stderr: string])[] = [
  ["export --room ops", '{"id":2,"room":"ops",', EARLIER],
  ["history ops", "#2 2026-11-21 06:30 <ann> before\n", EARLIER],
  ["log ops", "stored 1 line as #5-#5 in ops", `${NOW} The lines are stored in #ops.\n`],
  ["say ops hello", "", `${NOW}\n`],
  ["tail ops", "2026-11-21", EARLIER],
  ["who ops", `${NOW}\nIn #duty: ann\n`, ""],
];

async function open() {
  const room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "ops" });
  await room.addAccount("bob");
  ann.say("before", "/room register");
  await settle();
  ann.say("/rename duty");
  await settle();
  ann.forget();
  return { room, ann, [Symbol.asyncDispose]: () => room[Symbol.asyncDispose]() };
}

for (const [command, stdout, stderr] of RESULTS) {
  Deno.test(`${command} uses the current name, or tells about it`, async () => {
    await using scene = await open();
    const input = command.startsWith("log") ? "built\n" : undefined;
    const result = await scene.room.run(command, { identity: BOB, input });
    assertEquals({ ...result, stdout: result.stdout.slice(0, stdout.length) }, {
      status: 0,
      stdout,
      stderr,
    });
  });
}

Deno.test("Every command over SSH that takes a room is tried with a former name", () => {
  const tried = new Set(RESULTS.map(([command]) => command.split(" ")[0]));
  const others = EXEC_COMMANDS
    .filter(({ usage, options }) =>
      usage.includes("ROOM") || options.some(({ name }) => name === "room")
    )
    .map(({ name }) => name)
    .filter((name) => !tried.has(name));
  // It finds what was said under each name.
  assertEquals(others, ["search"]);
});

Deno.test("say follows a rename while it reads its lines", async () => {
  await using scene = await open();
  const { room, ann } = scene;
  const peer = room.start("say duty", { identity: BOB });
  peer.send("one\n");
  await ann.expect("<bob> one");
  ann.say("/rename calls");
  await settle();
  ann.forget();
  peer.send("two\n");
  peer.endInput();
  assertEquals(await peer.result(), { status: 0, stdout: "", stderr: "" });
  await ann.expect("<bob> two");
});

Deno.test("A command that may not read the room of a former name learns nothing about it", async () => {
  await using scene = await open();
  const { room, ann } = scene;
  ann.say("/room private on");
  await settle();
  for (const [command] of RESULTS) {
    const { status, stdout, stderr } = await room.run(command, { identity: BOB, input: "built\n" });
    assertEquals([status, stdout, stderr.includes("duty")], [1, "", false]);
  }
});
