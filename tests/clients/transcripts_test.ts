/** Replays every transcript in the documentation with the real programs, and compares the output. */

import { assert, assertEquals } from "@std/assert";
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
    for (const act of transcript.before) await people.act(act);
    await (transcript.kind === "as nc" ? replaySession : replayShell)(transcript, network, people);
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

/** Replays a block whose first line starts a client; the reader types some of the others. */
async function replaySession(
  { lines: [start, ...lines], typed, live }: Transcript,
  network: PrivateNetwork,
  people: People,
): Promise<void> {
  const [program, ...args] = start.slice("$ ".length).split(" ");
  await using client = await network.run(program, ...args);
  const toType = [...typed];
  const toHappen = [...live];
  for (const line of lines) {
    if (line === toType[0]) {
      await client.type(`${toType.shift()}\n`);
      continue;
    }
    if (toHappen.length > 0 && line === shownAs(toHappen[0])) await people.act(toHappen.shift()!);
    assertEquals(decode(await client.expect("\n")).trimEnd(), line);
  }
  assertEquals([toType, toHappen], [[], []], "not all of it was in the block");
}

/** Replays the commands of a block; times may differ, and a last newline may be missing. */
async function replayShell({ lines }: Transcript, network: PrivateNetwork): Promise<void> {
  for (const { command, output } of shellSteps(lines)) {
    await using shell = await network.run("sh", "-c", command);
    await shell.endInput();
    const printed = decode(await shell.expectEnd()).replaceAll("\r\n", "\n");
    assertEquals(withoutTimes(printed).trimEnd(), withoutTimes(output).trimEnd(), command);
  }
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

function shownAs({ name, text }: Act): string {
  return text.startsWith("/me ") ? `* ${name} ${text.slice(4)}` : `<${name}> ${text}`;
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
