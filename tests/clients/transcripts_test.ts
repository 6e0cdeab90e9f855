/** Replays every transcript in the documentation with the real programs, and compares the output. */

import { assert, assertEquals } from "@std/assert";
import { isCommandLine } from "../../lib/codec/command_line.ts";
import { PrivateNetwork } from "../support/private_network.ts";
import type { TerminalProgram } from "../support/terminal_program.ts";
import { type Act, parseTranscripts, shellSteps, type Transcript } from "../support/transcript.ts";

const TOP = new URL("../../", import.meta.url);
const ARGS = ["--tutorials"];
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
    const isStart = transcript.kind === "of the start";
    await using network = await PrivateNetwork.start(isStart ? [] : ARGS, ENV);
    if (isStart) return assertEquals(await startUp(network), transcript.lines.map(withoutKey));
    await using people = new People(network);
    for (const command of transcript.commands) await printedBy(network, command);
    for (const act of transcript.before) await people.act(act);
    const isSession = transcript.kind.startsWith("as ");
    await (isSession ? replaySession : replayShell)(transcript, network, people);
  });
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
  { kind, lines, typed, live }: Transcript,
  network: PrivateNetwork,
  people: People,
): Promise<void> {
  await using client = await network.run("nc", "127.0.0.1", "2324");
  const name = kind === "as nc" ? typed[0] : kind.slice("as ".length);
  if (kind === "as nc") assertEquals(lines[0], "$ nc 127.0.0.1 2324");
  else {
    await client.type(`${name}\n`);
    await client.expect("* You are in #lobby");
    await client.expect("\n");
  }
  const toType = [...typed];
  const toHappen = [...live];
  for (const line of kind === "as nc" ? lines.slice(1) : lines) {
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
    const shown = decode(await client.expect("\n")).trimEnd();
    assertEquals(withoutTimes(shown), withoutTimes(line));
  }
  assertEquals([toType, toHappen], [[], []], "not all of it was in the block");
}

/** Replays the commands of a block; times may differ, and a last newline may be missing. */
async function replayShell({ lines }: Transcript, network: PrivateNetwork): Promise<void> {
  for (const { command, output } of shellSteps(lines)) {
    const printed = await printedBy(network, command);
    assertEquals(withoutTimes(printed).trimEnd(), withoutTimes(output).trimEnd(), command);
  }
}

/** Runs a shell command; returns what it prints. */
async function printedBy(network: PrivateNetwork, command: string): Promise<string> {
  await using shell = await network.run("sh", "-c", command);
  await shell.endInput();
  return decode(await shell.expectEnd()).replaceAll("\r\n", "\n");
}

/** The other people in a transcript, each on an open connection. */
class People implements AsyncDisposable {
  readonly #network: PrivateNetwork;
  readonly #clients = new Map<string, TerminalProgram>();

  constructor(network: PrivateNetwork) {
    this.#network = network;
  }

  /** Does an action, and waits until the server has answered a later command. */
  async act({ name, room, text }: Act): Promise<void> {
    let client = this.#clients.get(name);
    if (!client) {
      client = await this.#network.run("nc", "127.0.0.1", "2324");
      this.#clients.set(name, client);
      await client.type(`${name}\n`);
      await client.expect("You are in #lobby");
      if (room !== "lobby") {
        await client.type(`/leave\n/join ${room}\n`);
        await client.expect(`You are in #${room}`);
      }
    }
    await client.type(`${text}\n/nick ${name}\n`);
    await client.expect(`You are already ${name}.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) await client[Symbol.asyncDispose]();
  }
}

/** Whether a line is what others see of an act; of most commands, whether it is by that person. */
function isShownBy(line: string, { name, text }: Act): boolean {
  if (text.startsWith("/me ")) return line === `* ${name} ${text.slice(4)}`;
  if (!isCommandLine(text)) return line === `<${name}> ${text}`;
  return line.startsWith(`<${name}> `) || line.startsWith(`* ${name} `);
}

/** A {@linkcode TerminalProgram} shows bytes, one for each character. */
function decode(shown: string): string {
  return new TextDecoder().decode(Uint8Array.from(shown, (byte) => byte.charCodeAt(0)));
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d\.\d{3}Z)?/g, "TIME");
}

function pages(): string[] {
  const docs = [...Deno.readDirSync(new URL("docs/", TOP))].map(({ name }) => `docs/${name}`);
  return ["README.md", ...docs.filter((name) => name.endsWith(".md")).sort()];
}
