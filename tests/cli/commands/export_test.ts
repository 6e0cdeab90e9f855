import { assert, assertEquals } from "@std/assert";
import { CommandLine, runCommand } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";

async function smallLog(): Promise<CommandLine> {
  const file = new CommandLine();
  await file.append(
    draftOf("Tea", "", { kind: "join", from: "ann", via: "telnet", origin: 7 }),
    draftOf("Tea", 'hello, "world"', { from: "ann", via: "telnet", origin: 7 }),
  );
  file.now += 60_000;
  await file.append(draftOf("log", "disk \x1b[31mfull\x9b\u202e\n2nd", {
    kind: "log",
    from: "web1",
    fields: { level: "err", a: [1, "x\u2028y"] },
    via: "syslog",
  }));
  file.now += 60_000;
  await file.append(draftOf("Tea", "waves", { kind: "action", from: "bob" }));
  return file;
}

const JSON_LINES = [
  '{"id":1,"room":"Tea","seq":1,"at":"2026-11-21T06:30:00.000Z","kind":"join","from":"ann",' +
  '"body":"","via":"telnet"}',
  '{"id":2,"room":"Tea","seq":2,"at":"2026-11-21T06:30:00.000Z","kind":"message","from":"ann",' +
  '"body":"hello, \\"world\\"","via":"telnet"}',
  '{"id":3,"room":"log","seq":1,"at":"2026-11-21T06:31:00.000Z","kind":"log","from":"web1",' +
  '"body":"disk \\u001b[31mfull\\u009b\\u202e\\n2nd",' +
  '"fields":{"level":"err","a":[1,"x\\u2028y"]},"via":"syslog"}',
  '{"id":4,"room":"Tea","seq":3,"at":"2026-11-21T06:32:00.000Z","kind":"action","from":"bob",' +
  '"body":"waves"}',
].map((line) => `${line}\n`);

Deno.test("export writes every event as a line of JSON, escaped and complete", async () => {
  await using file = await smallLog();
  const { code, stdout, stderr } = await file.run("export");
  assertEquals([code, stdout, stderr], [0, JSON_LINES.join(""), ""]);
  const bodies = stdout.trim().split("\n").map((line) => JSON.parse(line).body);
  assertEquals(bodies[2], "disk \x1b[31mfull\x9b\u202e\n2nd");
});

Deno.test("export writes the lines of a block in a way of its own in each format", async () => {
  await using file = new CommandLine();
  await file.append(draftOf("Tea", "one\n\n \x1btwo", { from: "ann" }));
  const { stdout } = await file.run("export");
  assertEquals(JSON.parse(stdout).body, "one\n\n \x1btwo");
  const text = await file.run("export", "--format", "text");
  const place = "2026-11-21T06:30:00.000Z Tea#1 <ann>";
  assertEquals(text.stdout, `${place} one\n${place} \n${place}  ^[two\n`);
  const csv = await file.run("export", "--format", "csv");
  assertEquals(
    csv.stdout.split("\r\n")[1],
    '1,Tea,1,2026-11-21T06:30:00.000Z,message,ann,"one\n\n ^[two",,',
  );
});

Deno.test("export --format text and csv write no control characters", async () => {
  await using file = await smallLog();
  const text = await file.run("export", "--format", "text");
  assertEquals(text.stdout.split("\n"), [
    "2026-11-21T06:30:00.000Z Tea#1 * ann joined",
    '2026-11-21T06:30:00.000Z Tea#2 <ann> hello, "world"',
    "2026-11-21T06:31:00.000Z log#1 web1| disk full<U+009B><U+202E>^J2nd",
    "2026-11-21T06:32:00.000Z Tea#3 * bob waves",
    "",
  ]);
  const csv = await file.run("export", "--format", "csv");
  assertEquals(csv.stdout.split("\r\n"), [
    "id,room,seq,at,kind,from,body,fields,via",
    "1,Tea,1,2026-11-21T06:30:00.000Z,join,ann,,,telnet",
    '2,Tea,2,2026-11-21T06:30:00.000Z,message,ann,"hello, ""world""",,telnet',
    "3,log,1,2026-11-21T06:31:00.000Z,log,web1,disk ^[[31mfull<U+009B><U+202E>^J2nd," +
    '"{""level"":""err"",""a"":[1,""x<U+2028>y""]}",syslog',
    "4,Tea,3,2026-11-21T06:32:00.000Z,action,bob,waves,,",
    "",
  ]);
});

Deno.test("export --room, --since and --until select events", async () => {
  await using file = await smallLog();
  const lines = async (...argv: string[]) => (await file.run("export", ...argv)).stdout;
  assertEquals(await lines("--room", "#TEA"), JSON_LINES[0] + JSON_LINES[1] + JSON_LINES[3]);
  assertEquals(await lines("--since", "2026-11-21T06:31:00Z"), JSON_LINES[2] + JSON_LINES[3]);
  assertEquals(await lines("--until", "2026-11-21T06:31:00Z"), JSON_LINES[0] + JSON_LINES[1]);
  assertEquals(
    await lines(
      "--since",
      "2026-11-21T06:30:30Z",
      "--until",
      "2026-11-21T06:31:30Z",
      "--room",
      "log",
    ),
    JSON_LINES[2],
  );
  assertEquals(await lines("--until", "2020"), "");
});

Deno.test("export writes the same bytes for the same log, however it was batched", async () => {
  await using once = new CommandLine();
  await using twice = new CommandLine();
  const drafts = Array.from(
    { length: 5000 },
    (_, number) =>
      draftOf("log", `line ${number} é 会`, {
        from: number % 5 === 0 ? "ann" : "bob",
        kind: "log",
        fields: number % 7 === 0 ? { number } : undefined,
      }),
  );
  for (const draft of drafts) await once.append(draft);
  for (let at = 0; at < drafts.length; at += 700) {
    await twice.append(...drafts.slice(at, at + 700));
  }
  const bytes = await once.run("export");
  assertEquals(bytes.stdout.split("\n").length, 5001);
  assertEquals(await twice.run("export"), bytes);
  await once.log.close();
  assertEquals(await once.run("export"), bytes);
});

Deno.test("export --output writes a file once it is complete, and replaces one only with --force", async () => {
  await using file = await smallLog();
  const output = `${file.directory}/out.jsonl`;
  const earlier = "an earlier export, longer than this one is going to be".repeat(99);
  Deno.writeTextFileSync(output, earlier);
  const refused = await file.run("export", "-o", output);
  assertEquals([refused.code, refused.stderr, Deno.readTextFileSync(output)], [
    1,
    `${output} already exists. Add --force to replace it.\n`,
    earlier,
  ]);
  const { code, stdout } = await file.run("export", "-o", output, "--force");
  assertEquals([code, stdout, Deno.readTextFileSync(output)], [0, "", JSON_LINES.join("")]);
  const names = Array.from(Deno.readDirSync(file.directory), ({ name }) => name);
  assert(!names.some((name) => name.includes("partial")), names.join());
  assertEquals((await file.run("export", "-o", "/dev/null")).code, 0);
  const missing = await file.run("export", "-o", `${file.directory}/missing/out.jsonl`);
  assertEquals([missing.code, missing.stderr], [
    1,
    `Cannot write ${file.directory}/missing/out.jsonl: no such file or directory\n`,
  ]);
});

Deno.test("export that is interrupted keeps the old file", async () => {
  await using file = await smallLog();
  const output = `${file.directory}/out.jsonl`;
  Deno.writeTextFileSync(output, "before");
  const argv = ["export", "-o", output, "--force", "--data", file.directory];
  const { code } = await runCommand(argv, { signal: AbortSignal.abort() });
  assertEquals([code, Deno.readTextFileSync(output)], [1, "before"]);
});

Deno.test("export reports errors, with their exit codes", async () => {
  await using file = await smallLog();
  const complaint = async (...argv: string[]) => {
    const { code, stdout, stderr } = await file.run("export", ...argv);
    return [code, stdout, stderr.split("\n")[0]];
  };
  assertEquals(await complaint("--room", "nowhere"), [
    1,
    "",
    "There is no room #nowhere in the log",
  ]);
  assertEquals(await complaint("--room", "a b"), [
    ...[2, "", "Room names may contain only letters, digits, _ - and ."],
  ]);
  assertEquals(await complaint("tea"), [
    2,
    "",
    'Unexpected argument "tea": export takes options only',
  ]);
  assertEquals(await complaint("--since", "soon"), [
    2,
    "",
    'Cannot parse --since "soon": use a day (2026-11-21), a day and time (2026-11-21T06:30), ' +
    "a time today (06:30), a time ago (2h, 30m, 7d), today or yesterday",
  ]);
  const elsewhere = await runCommand(["export", "--data", "/nonexistent"]);
  assertEquals([elsewhere.code, elsewhere.stderr], [
    1,
    "There is no log in /nonexistent. Give the server's data directory with --data DIR, or start " +
    "a server to create one.\n",
  ]);
});
