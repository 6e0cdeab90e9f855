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

/** A log of 3000 lines: every 10th is an error, every third is from the database. */
async function mixedLog(): Promise<CommandLine> {
  const file = new CommandLine();
  const lines = Array.from(
    { length: 3000 },
    (_, index) =>
      draftOf("log", `line ${index + 1} of ${index % 100 === 0 ? "Disk" : "memory"}`, {
        kind: "log",
        from: index % 3 === 0 ? "db1/postgres" : "web1/nginx",
        fields: { level: index % 10 === 0 ? "err" : "info" },
      }),
  );
  for (let at = 0; at < lines.length; at += 500) await file.append(...lines.slice(at, at + 500));
  await file.append(draftOf("log", "what is wrong?"));
  return file;
}

/** The numbers in the bodies of the printed lines. */
function lineNumbers(stdout: string): number[] {
  return [...stdout.matchAll(/line (\d+) of/g)].map(([, number]) => Number(number));
}

Deno.test("tail prints the last events that its filters let through, and counts the others", async () => {
  await using file = await mixedLog();
  const errors = await file.run("tail", "log", "--level", "warn", "-n", "3");
  assertEquals(lineNumbers(errors.stdout), [2971, 2981, 2991]);
  assertEquals(errors.stderr, "Filtered out 28 of 31 events\n");
  const some = await file.run("tail", "log", "--source", "postgres", "--grep", "disk", "--json");
  assertEquals(lineNumbers(some.stdout), [1, 301, 601, 901, 1201, 1501, 1801, 2101, 2401, 2701]);
  assertEquals(JSON.parse(some.stdout.split("\n")[0]).from, "db1/postgres");
  const none = await file.run("tail", "log", "--level", "crit");
  assertEquals([none.stdout, none.stderr], ["", "Filtered out 3,001 of 3,001 events\n"]);
  const wrong = await file.run("tail", "log", "--level", "loud");
  assertEquals([wrong.code, wrong.stderr.split(".")[0]], [2, "There is no level:loud"]);
});

Deno.test("tail --follow filters what comes, and counts the rest in the end", async () => {
  await using file = await mixedLog();
  const stop = new AbortController();
  const { promise: isShown, resolve: shown } = Promise.withResolvers<void>();
  let stdout = "";
  const running = runCommand(
    ["tail", "log", "-f", "-n", "1", "--grep", "line -memory", "--data", file.directory],
    {
      signal: stop.signal,
      write: (bytes) => {
        stdout += new TextDecoder().decode(bytes);
        if (stdout.includes("the end")) shown();
        return Promise.resolve();
      },
    },
  );
  const draft = (body: string) => draftOf("log", body, { kind: "log", from: "web1/nginx" });
  await file.append(draft("line 1 of memory"), draft("line 2 of disk"), draft("memory"));
  await file.append(draft("line 3 is the end"));
  await isShown;
  stop.abort();
  const { code, stderr } = await running;
  assertEquals(code, 0);
  assertEquals(lineNumbers(stdout), [2901, 2]);
  const [, hidden, all] = /^Filtered out (\d+) of (\d+) events\n$/.exec(stderr)!;
  assertEquals(Number(all) - Number(hidden), 3);
});

Deno.test("tail colours sources and levels at a terminal, and nothing in JSON", async () => {
  await using file = new CommandLine();
  const line = { kind: "log", from: "web1", fields: { level: "err" } } as const;
  await file.append(draftOf("log", "\x1b[32mdisk full\x1b[0m", line), draftOf("log", "oh"));
  const run = (...options: string[]) =>
    runCommand(["tail", "log", "--data", file.directory, ...options], { hasColour: true });
  assertEquals((await run()).stdout.split("\n"), [
    "\x1b[2m2026-11-21T06:30:00.000Z log#1\x1b[0m \x1b[34mweb1\x1b[0m| \x1b[31mdisk full\x1b[0m",
    "\x1b[2m2026-11-21T06:30:00.000Z log#2\x1b[0m <\x1b[32mann\x1b[0m> oh",
    "",
  ]);
  assertEquals((await run("--json")).stdout.includes("\x1b"), false);
});
