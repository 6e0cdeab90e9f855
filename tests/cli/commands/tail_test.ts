import { assertEquals } from "@std/assert";
import { CommandLine, runCommand } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";

async function longLog(): Promise<CommandLine> {
  const file = new CommandLine();
  await file.append(draftOf("milk", "other"));
  for (let batch = 0; batch < 5; batch++) {
    const lines = Array.from({ length: 1000 }, (_, number) => `line ${batch * 1000 + number + 1}`);
    await file.append(...lines.map((line) => draftOf("tea", line)));
  }
  return file;
}

/** The numbers of the printed events. */
function numbers(stdout: string): number[] {
  return stdout.split("\n").slice(0, -1).map((line) => Number(/tea#(\d+) /.exec(line)![1]));
}

Deno.test("tail prints the last 10 events, or as many as requested", async () => {
  await using file = await longLog();
  const { code, stdout } = await file.run("tail", "#Tea");
  assertEquals([code, numbers(stdout)], [0, [
    4991,
    4992,
    4993,
    4994,
    4995,
    4996,
    4997,
    4998,
    4999,
    5000,
  ]]);
  assertEquals(stdout.split("\n")[9], "2026-11-21T06:30:00.000Z tea#5000 <ann> line 5000");
  assertEquals(numbers((await file.run("tail", "tea", "-n", "2")).stdout), [4999, 5000]);
  assertEquals(numbers((await file.run("tail", "tea", "-2")).stdout), [4999, 5000]);
  assertEquals((await file.run("tail", "tea", "-n", "0")).stdout, "");
  const all = numbers((await file.run("tail", "tea", "--lines", "999999")).stdout);
  assertEquals(all, Array.from({ length: 5000 }, (_, index) => index + 1));
});

Deno.test("tail prints a line without its colours and progress, and --json all of it", async () => {
  await using file = new CommandLine();
  const body = "\x1b[31mERROR\x1b[0m: 9 %\r\x1b[31mERROR\x1b[0m: 10 %";
  await file.append(draftOf("log", body, { kind: "log", from: "make" }));
  const { stdout } = await file.run("tail", "log");
  assertEquals(stdout, "2026-11-21T06:30:00.000Z log#1 make| ERROR: 10 %\n");
  assertEquals(JSON.parse((await file.run("tail", "log", "--json")).stdout).body, body);
  const found = await file.run("search", "error", "--json");
  assertEquals(JSON.parse(found.stdout).snippet, [
    { text: "ERROR", isMatch: true },
    { text: ": 10 %", isMatch: false },
  ]);
});

Deno.test("tail --json prints JSON Lines", async () => {
  await using file = await longLog();
  const { stdout } = await file.run("tail", "milk", "--json");
  assertEquals(JSON.parse(stdout), {
    id: 1,
    room: "milk",
    seq: 1,
    at: "2026-11-21T06:30:00.000Z",
    kind: "message",
    from: "ann",
    body: "other",
  });
});

Deno.test("tail --follow prints new events until it is interrupted", async () => {
  await using file = await longLog();
  const stop = new AbortController();
  const { promise: isShown, resolve: shown } = Promise.withResolvers<void>();
  let stdout = "";
  const decoder = new TextDecoder();
  const running = runCommand(["tail", "tea", "-f", "-n", "1", "--data", file.directory], {
    signal: stop.signal,
    write: (bytes) => {
      stdout += decoder.decode(bytes);
      if (numbers(stdout).length >= 1 + 2000 + 1) shown();
      return Promise.resolve();
    },
  });
  await file.append(
    ...Array.from({ length: 2000 }, () => draftOf("tea", "more")),
    draftOf("milk", "x"),
  );
  await file.append(draftOf("tea", "end"));
  await isShown;
  stop.abort();
  assertEquals((await running).code, 0);
  assertEquals(numbers(stdout), Array.from({ length: 2002 }, (_, index) => 5000 + index));
});

Deno.test("tail --follow waits for a room that does not exist yet", async () => {
  await using file = await longLog();
  const stop = new AbortController();
  const { promise: isShown, resolve: shown } = Promise.withResolvers<void>();
  let stdout = "";
  const running = runCommand(["tail", "new", "-f", "--data", file.directory], {
    signal: stop.signal,
    write: (bytes) => {
      stdout += new TextDecoder().decode(bytes);
      shown();
      return Promise.resolve();
    },
  });
  await file.append(draftOf("new", "at last"));
  await isShown;
  stop.abort();
  await running;
  assertEquals(stdout, "2026-11-21T06:30:00.000Z new#1 <ann> at last\n");
});

Deno.test("tail reports errors, with their exit codes", async () => {
  await using file = await longLog();
  const complaint = async (...argv: string[]) => {
    const { code, stderr } = await file.run("tail", ...argv);
    return [code, stderr.split("\n")[0]];
  };
  assertEquals(await complaint("nowhere"), [1, "There is no room #nowhere in the log"]);
  assertEquals(await complaint("a b"), [
    ...[2, "Room names may contain only letters, digits, _ - and ."],
  ]);
  assertEquals(await complaint(), [2, "tail needs a room"]);
  assertEquals(await complaint("tea", "milk"), [
    2,
    'Unexpected argument "milk": tail takes one room',
  ]);
  const elsewhere = await runCommand(["tail", "tea", "-f", "--data", "/nonexistent"]);
  assertEquals(elsewhere.code, 1);
});
