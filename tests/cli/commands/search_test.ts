import { assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { CommandLine, runCommand } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";

async function smallLog(): Promise<CommandLine> {
  const file = new CommandLine();
  await file.append(draftOf("tea", "before it"), draftOf("tea", "the disk is full"));
  file.now += 3_600_000;
  await file.append(
    draftOf("log", "disk full on /dev/sda1", { kind: "log", from: "web1", fields: { id: 77 } }),
    draftOf("tea", "after it \x1b[2J", { from: "bob" }),
  );
  return file;
}

const TEA = "2026-11-21T06:30:00.000Z tea#2 <ann> the disk is full\n";
const LOG = "2026-11-21T07:30:00.000Z log#1 web1| disk full on /dev/sda1\n";

Deno.test("search prints matches, newest first, with and without an index", async () => {
  await using file = await smallLog();
  for (const isIndexed of [false, true]) {
    if (isIndexed) file.index();
    const find = async (...argv: string[]) => (await file.run("search", ...argv)).stdout;
    assertEquals(await find("disk"), LOG + TEA);
    assertEquals(await find("disk full"), LOG + TEA);
    assertEquals(await find("disk", "full"), LOG + TEA);
    assertEquals(await find('"disk full"'), LOG);
    assertEquals(await find("disk -kind:log"), TEA);
    assertEquals(await find("disk", "--room", "#TEA"), TEA);
    assertEquals(await find("disk", "--from", "WEB1"), LOG);
    assertEquals(await find("--from", "web1"), LOG);
    assertEquals(await find("disk", "--since", "2026-11-21T07:00:00Z"), LOG);
    assertEquals(await find("disk", "--until", "2026-11-21T07:00:00Z"), TEA);
    assertEquals(await find("disk", "--limit", "1"), LOG);
    assertEquals(await find("77"), LOG);
  }
});

Deno.test("search --context prints the events around each match", async () => {
  await using file = await smallLog();
  const { stdout } = await file.run("search", "disk", "-C", "1");
  assertEquals(
    stdout,
    [
      "2026-11-21T07:30:00.000Z log#1 web1| disk full on /dev/sda1",
      "--",
      "  2026-11-21T06:30:00.000Z tea#1 <ann> before it",
      "2026-11-21T06:30:00.000Z tea#2 <ann> the disk is full",
      "  2026-11-21T07:30:00.000Z tea#3 <bob> after it ^[[2J",
      "",
    ].join("\n"),
  );
});

Deno.test("search highlights matches on a terminal with colours", async () => {
  await using file = await smallLog();
  const argv = ["search", "full after*", "--data", file.directory];
  const one = await runCommand(["search", "full", "--limit", "1", "--data", file.directory], {
    hasColour: true,
  });
  assertEquals(
    one.stdout,
    "2026-11-21T07:30:00.000Z log#1 web1| disk \x1b[1;4mfull\x1b[0m on /dev/sda1\n",
  );
  const other = await runCommand([...argv.slice(0, 1), "after", ...argv.slice(2)], {
    hasColour: true,
  });
  assertEquals(
    other.stdout,
    "2026-11-21T07:30:00.000Z tea#3 <bob> \x1b[1;4mafter\x1b[0m it ^[[2J\n",
  );
});

Deno.test("search prints an event without text in full", async () => {
  await using file = new CommandLine();
  await file.append(draftOf("tea", "", { kind: "join" }));
  const argv = ["search", "kind:join", "--data", file.directory];
  const { stdout } = await runCommand(argv, { hasColour: true });
  assertEquals(stdout, "2026-11-21T06:30:00.000Z tea#1 * ann joined\n");
});

Deno.test("search finds the same with an option as with the filter of that name", async () => {
  await using file = new CommandLine();
  await file.append(
    draftOf("tea", "", { kind: "join" }),
    draftOf("tea", "hello"),
    draftOf("tea", "", { kind: "part" }),
  );
  const find = async (...argv: string[]) => (await file.run("search", ...argv)).stdout;
  const hello = "2026-11-21T06:30:00.000Z tea#2 <ann> hello\n";
  assertEquals(await find("from:ann"), hello);
  assertEquals(await find("--from", "ann"), hello);
  assertEquals(await find("--room", "tea"), hello);
  assertEquals(await find("--since", "2026-11-21T06:00Z"), hello);
  assertEquals((await find("kind:join", "--from", "ann")).includes("tea#1 * ann joined"), true);
});

Deno.test("search --json prints events with snippet and context", async () => {
  await using file = await smallLog();
  const { stdout } = await file.run("search", "77", "--json");
  assertEquals(JSON.parse(stdout), {
    id: 3,
    room: "log",
    seq: 1,
    at: "2026-11-21T07:30:00.000Z",
    kind: "log",
    from: "web1",
    body: "disk full on /dev/sda1",
    fields: { id: 77 },
    snippet: [
      { text: "disk full on /dev/sda1", isMatch: false },
      { text: " id=", isMatch: false },
      { text: "77", isMatch: true },
    ],
  });
  const around = JSON.parse((await file.run("search", "is", "--json", "-C", "1")).stdout);
  assertEquals([around.before[0].seq, around.after[0].seq], [1, 3]);
  assertEquals(around.after[0].body, "after it \x1b[2J");
});

Deno.test("search that times out says how far it got, and not that there are no matches", async () => {
  await using file = await smallLog();
  let looks = 0;
  // Each look at the clock takes 1.5 s, so the third one is too late.
  const clock = { ...systemClock, monotonic: () => 1500 * looks++ };
  const argv = ["search", "nothing", "--data", file.directory];
  const { code, stdout, stderr } = await runCommand(argv, { clock });
  assertEquals([code, stdout], [1, ""]);
  assertEquals(
    stderr.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "TIME"),
    "Stopped after 2 s, having searched back to TIME. Add a word or filter to speed it up. " +
      "Use --timeout 0 to search everything.\n",
  );
});

Deno.test("search says when there are no matches, and can search without a limit", async () => {
  await using file = await smallLog();
  const nothing = await file.run("search", "nothing");
  assertEquals([nothing.code, nothing.stdout, nothing.stderr], [0, "", "No matches\n"]);
  const endless = await file.run("search", "disk", "--timeout", "0");
  assertEquals([endless.code, endless.stdout], [0, LOG + TEA]);
});

Deno.test("search says that it shows only the newest unless --limit is given", async () => {
  await using file = new CommandLine();
  await file.append(...Array.from({ length: 21 }, (_, i) => draftOf("tea", `hello ${i}`)));
  const all = await file.run("search", "hello");
  assertEquals(all.stdout.split("\n").length - 1, 20);
  assertEquals([all.code, all.stderr], [
    ...[0, "Showing the newest 20; use --limit 0 for all.\n"],
  ]);
  assertEquals((await file.run("search", "hello", "--limit", "2")).stderr, "");
  assertEquals((await file.run("search", "hello", "--limit", "0")).stderr, "");
  assertEquals((await file.run("search", "1")).stderr, "");
});

Deno.test("search ignores the index of another log", async () => {
  await using file = await smallLog();
  file.index();
  await using other = new CommandLine();
  other.now += 77;
  await other.append(draftOf("tea", "one"), draftOf("tea", "disk"), draftOf("tea", "three"));
  await Deno.copyFile(file.indexPath, other.indexPath);
  assertEquals(
    (await other.run("search", "three")).stdout,
    "2026-11-21T06:30:00.077Z tea#3 <ann> three\n",
  );
});

Deno.test("search reports errors, with their exit codes", async () => {
  await using file = await smallLog();
  const complaint = async (...argv: string[]) => {
    const { code, stderr } = await file.run("search", ...argv);
    return [code, stderr.split("\n")[0]];
  };
  assertEquals(await complaint(), [2, "Say what to search for; a word is enough."]);
  assertEquals(await complaint("has:x"), [2, "There is no has:x. Write has:link."]);
  assertEquals(await complaint("x", "--room", "a b"), [
    ...[2, "Room names may contain only letters, digits, _ - and ."],
  ]);
  assertEquals(await complaint("x", "--context", "-1"), [
    ...[2, "Option --context needs a value: --context N"],
  ]);
});
