/** Replays every transcript in the documentation with the real programs, and compares the output. */

import { assert, assertEquals } from "@std/assert";
import { PrivateNetwork } from "../support/private_network.ts";
import { rowsOf } from "../support/screen_terminal.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { parseTranscripts, shellSteps, type Transcript } from "../support/transcript.ts";
import { isShownBy, People } from "../support/transcript_people.ts";
import { TranscriptShell } from "../support/transcript_shell.ts";

const TOP = new URL("../../", import.meta.url);
const ARGS = ["--tutorials"];
/** Wide enough for every line. */
const TERMINAL = { columns: 400, rows: 50 };
const ENV = { PARTYLINE_POST_TOKEN: "s3cret-token" };

const transcripts: Transcript[] = [];
for (const name of pages()) {
  transcripts.push(...parseTranscripts(name, Deno.readTextFileSync(new URL(name, TOP))));
}

Deno.test("README and docs have transcripts to replay", () => {
  assert(transcripts.length >= 5, `only ${transcripts.length} found`);
});

for (const transcript of transcripts) {
  Deno.test(`The transcript at ${transcript.place} matches`, async () => {
    const { kind, config } = transcript;
    const isStart = kind === "of the start";
    using files = new ConfigFile(config);
    await using network = await PrivateNetwork.start(isStart ? [] : [...ARGS, ...files.args], ENV);
    if (isStart) return assertEquals(await startUp(network), transcript.lines.map(withoutKey));
    await using people = new People(network);
    await using shell = await TranscriptShell.open(network);
    for (const command of transcript.commands) await shell.printed(command);
    for (const act of transcript.before) await people.act(act);
    if (kind.startsWith("at ")) return await replayTerminal(transcript, shell);
    const isSession = kind.startsWith("as ");
    await (isSession ? replaySession : replayShell)(transcript, { network, people, shell });
  });
}

/** What a transcript is replayed with. */
interface Stage {
  readonly network: PrivateNetwork;
  readonly people: People;
  readonly shell: TranscriptShell;
}

/** The output of starting the server, with the default name of the data directory. */
async function startUp({ printed, hints, data }: PrivateNetwork): Promise<string[]> {
  await hints.until(/^Press Ctrl-C .*\n/m);
  const lines = (printed.text + hints.text).replace(data, "./data").trimEnd().split("\n");
  return lines.map(withoutKey);
}

/** Every server has a host key of its own. */
function withoutKey(line: string): string {
  return line.replace(/SHA256:[\w+/]{43}$/, "SHA256:...");
}

/** Replays a block whose reader enters the chat, or is there, and types some of the lines. */
async function replaySession(
  { kind, lines, typed, live, timely }: Transcript,
  { network, people, shell }: Stage,
): Promise<void> {
  await using client = await network.run("nc", "127.0.0.1", "2324");
  const [, given, room] = /^as (\w+)(?: in (\w+))?$/.exec(kind)!;
  const name = given === "nc" ? typed[0] : given;
  if (given === "nc") assertEquals(lines[0], "$ nc 127.0.0.1 2324");
  else {
    await client.type(`${name}\n`);
    await client.expect("* You are in #lobby");
    await client.expect("\n");
  }
  if (room !== undefined) {
    await client.type(`/leave\n/join ${room}\n`);
    await client.expect(`* You are in #${room}`);
    await client.expect("\n");
  }
  const toType = [...typed];
  const toHappen = [...live];
  for (const [index, line] of lines.entries()) {
    if (index === 0 && given === "nc") continue;
    const command = timely.get(index + 1);
    if (command !== undefined) await shell.printed(command);
    if (line === toType[0]) {
      await client.type(`${toType.shift()}\n`);
      continue;
    }
    if (toHappen.length > 0 && isShownBy(line, toHappen[0])) {
      // What the reader has typed comes first.
      await client.type(`/nick ${name}\n`);
      assertEquals((await client.expect("\n")).trimEnd(), `* You are already ${name}.`);
      await people.act(toHappen.shift()!);
    }
    const shown = shell.read(await client.expect("\n")).trimEnd();
    assertEquals(withoutTimes(shown), withoutTimes(line));
  }
  assertEquals([toType, toHappen], [[], []], "not all of it was in the block");
}

/** Replays the commands of a block; times may differ, and a last newline may be missing. */
async function replayShell(
  { lines, timely, numbersDiffer }: Transcript,
  { shell }: Stage,
): Promise<void> {
  for (const { line, command, output, isCutOff } of shellSteps(lines)) {
    const preparation = timely.get(line);
    if (preparation !== undefined) await shell.printed(preparation);
    const printed = output.includes("^C")
      ? await interrupted(shell, command, output)
      : await shell.printed(command);
    assertShown(isCutOff ? printed.slice(0, output.length) : printed, output, numbersDiffer);
  }
}

/** The output of a command at a terminal, where it is stopped after the lines before `^C`. */
async function interrupted(
  shell: TranscriptShell,
  command: string,
  output: string,
): Promise<string> {
  await using program = await shell.start(command, TERMINAL);
  const lines = output.slice(0, output.indexOf("^C")).split("\n").length - 1;
  for (let line = 0; line < lines; line++) await program.expect("\n");
  await program.type("\x03");
  await program.expectEnd();
  return shell.read(program.shown);
}

/** Replays what somebody sees who types the lines at a terminal, by `telnet` or another command. */
async function replayTerminal(
  { kind, lines, typed }: Transcript,
  shell: TranscriptShell,
): Promise<void> {
  const isCommand = lines[0].startsWith("$ ");
  const command = isCommand ? lines[0].slice(2) : "telnet 127.0.0.1 2323";
  await using program = await shell.start(command, TERMINAL);
  if (kind === "at telnet") {
    await program.expect("What is your name?\r\n");
    await program.type("ann\r");
  }
  await program.expect("* You are in #lobby");
  await program.expect("#lobby> ");
  const expected = isCommand ? lines.slice(1) : lines;
  for (const text of typed) {
    await program.type(`${text}\r`);
    await program.expect("* ");
  }
  const last = /^[^\u2026]*/.exec(expected.at(-1)!)![0];
  if (!program.shown.includes(last)) await program.expect(last);
  const rows = (await rowsOf(program, TERMINAL)).map((row) => row.replace(/^\S+> ?/, ""));
  const start = rows.lastIndexOf(typed[0]);
  assertShown(
    rows.slice(start).filter((row) => row !== "").join("\n"),
    expected.join("\n"),
  );
}

/** Checks an output: `…` stands for any text, times may differ, and numbers if `numbersDiffer`. */
function assertShown(actual: string, expected: string, numbersDiffer = false): void {
  const reduce = (text: string) => {
    const known = withoutTimes(text).trimEnd();
    return numbersDiffer ? known.replaceAll(/\d+/g, "N").replaceAll(/ +/g, " ") : known;
  };
  const [shown, pattern] = [reduce(actual), reduce(expected)];
  const parts = pattern.split("\u2026").map((part) =>
    part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  );
  if (!new RegExp(`^${parts.join("[^\n]*")}$`).test(shown)) assertEquals(shown, pattern);
}

/** The configuration file of the server; without lines it has none. */
class ConfigFile extends TemporaryDirectory {
  readonly args: readonly string[];

  constructor(lines: readonly string[]) {
    super();
    const file = this.writeFile("partyline.toml", lines.join("\n"));
    this.args = lines.length === 0 ? [] : ["--config", file];
  }
}

/** Times, days and keys differ each time. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d\.\d{3}Z)?)?/g, "TIME")
    .replaceAll(/SHA256:[\w+/]+\u2026?/g, "KEY");
}

function pages(): string[] {
  const docs = [...Deno.readDirSync(new URL("docs/", TOP))].map(({ name }) => `docs/${name}`);
  return ["README.md", ...docs.filter((name) => name.endsWith(".md")).sort()];
}
