/**
 * The people and programs that are connected to one run of a node, while anything may happen to it:
 * two talk by lines, one on IRC, one reads on the page, one reads a stream, and a program logs.
 *
 * @module
 */

import { LineClient } from "../support/line_client.ts";
import { LONG_MS, within } from "../support/patience.ts";
import type { SeededRandom } from "../support/random.ts";
import type { ServerProcess } from "../support/server_process.ts";
import { WebClient } from "../support/web_client.ts";
import type { OneOrderChecker } from "./one_order_checker.ts";

const TALKERS = 2;
const LINES_AT_ONCE = 20;
const RECEIPT = new RegExp(`^stored ${LINES_AT_ONCE} lines as #(\\d+)-#(\\d+) in log`);

export interface NemesisCrowdOptions {
  /** Collects what everybody said and saw. */
  readonly checker: OneOrderChecker;
  readonly random: SeededRandom;
  readonly node: string;
  /** The number of this run among those of all nodes. */
  readonly run: number;
  readonly process: ServerProcess;
}

export class NemesisCrowd {
  readonly #options: NemesisCrowdOptions;
  readonly #stopping = new AbortController();
  readonly #work: Readonly<Record<string, Promise<void>>>;

  constructor(options: NemesisCrowdOptions) {
    this.#options = options;
    const { node, process: { ports: [chat, logger, irc], web } } = options;
    const talkers = Array.from({ length: TALKERS }, (_, number) => `${node}${number}`);
    this.#work = {
      ...Object.fromEntries(talkers.map((name) => [name, this.#talk(chat, name)])),
      logger: this.#log(logger),
      stream: this.#stream(web),
      irc: this.#chatOnIrc(irc, `${node}irc`),
      web: this.#readOnWeb(web, `${node}web`),
    };
  }

  /** Makes everybody leave. @throws {Error} that names those who do not. */
  async end(): Promise<void> {
    this.#stopping.abort();
    const { node, run } = this.#options;
    await Promise.all(
      Object.entries(this.#work).map(([who, work]) => {
        return within(`${who} of run ${run}, on node ${node}, to leave`, work, 2 * LONG_MS);
      }),
    );
  }

  async #talk(port: number, name: string): Promise<void> {
    const { checker, random } = this.#options;
    let client: LineClient | undefined;
    try {
      client = await LineClient.connect(port);
      await client.send(name);
      await client.expect(/You are in #lobby.*\r\n/, LONG_MS);
      for (const body of this.#bodies(name)) {
        await client.send(body);
        await pause(50 + 2 * random.int(100));
      }
    } catch {
      // The node was killed.
    }
    const transcript = client?.transcript ?? "";
    const since = transcript.indexOf("You are in #lobby");
    const bodies = bodiesOf(transcript, /^<\w+> (\w+:\d+:\d+)\r\n/gm, since);
    checker.sights.push({ who: name, bodies });
    await client?.close();
  }

  async #chatOnIrc(port: number, name: string): Promise<void> {
    const { checker, random } = this.#options;
    let client: LineClient | undefined;
    try {
      client = await LineClient.connect(port);
      const { send } = client;
      client.onText = (text) => {
        for (const [, token] of text.matchAll(/^PING (.*)\r\n/gm)) {
          send.call(client, `PONG ${token}`).catch(() => {});
        }
      };
      await client.send(`NICK ${name}`, `USER ${name} 0 * :${name}`, "JOIN #lobby");
      await client.expect(/ 366 .*\r\n/, LONG_MS);
      for (const body of this.#bodies(name)) {
        await client.send(`PRIVMSG #lobby :${body}`);
        await pause(200 + random.int(200));
      }
    } catch {
      // The node was killed.
    }
    const transcript = client?.transcript ?? "";
    const heard = /^:\w+!\S+ PRIVMSG #lobby :?(\w+:\d+:\d+)\r\n/gm;
    const bodies = bodiesOf(transcript, heard, transcript.search(/ 366 /));
    checker.sights.push({ who: name, bodies });
    await client?.close();
  }

  /** What somebody says, one text after the other until the crowd leaves; noted before it is sent. */
  *#bodies(name: string): Generator<string> {
    const { checker, run } = this.#options;
    const said = checker.saidBy(name);
    for (let count = 0; !this.#stopping.signal.aborted; count++) {
      const body = `${name}:${run}:${count}`;
      said.push(body);
      yield body;
    }
  }

  /** Reads on the page, and says nothing. */
  async #readOnWeb(web: string, name: string): Promise<void> {
    let client: WebClient | undefined;
    try {
      client = await WebClient.open(`${web}/ws`);
      client.send({ type: "hello", name });
      client.send({ type: "join", room: "lobby" });
      await Promise.race([client.ended, aborted(this.#stopping.signal)]);
    } catch {
      // The node was killed.
    }
    const events = client?.messages.filter(({ type }) => type === "events")
      .flatMap(({ events }) => events) ?? [];
    const lobby = events.filter(({ room, kind }) => room === "lobby" && kind === "message");
    this.#options.checker.sights.push({ who: name, bodies: lobby.map(({ body }) => body) });
    client?.close();
  }

  async #log(port: number): Promise<void> {
    const { checker, random, node, run } = this.#options;
    for (let round = 0; !this.#stopping.signal.aborted; round++) {
      const lines = Array.from({ length: LINES_AT_ONCE }, (_, index) => {
        return `${node} ${run} ${round} ${index}`;
      });
      let client: LineClient | undefined;
      try {
        client = await LineClient.connect(port);
        await client.send(...lines);
        await client.end();
        const told = await client.expectEnd(LONG_MS);
        const found = RECEIPT.exec(told);
        // Lines without a receipt may be lost.
        if (found) {
          checker.receipts.push({ lines, first: Number(found[1]), last: Number(found[2]) });
        }
      } catch {
        // The node was killed.
      }
      await client?.close();
      await pause(random.int(1000));
    }
  }

  async #stream(web: string): Promise<void> {
    const streamed: never[] = [];
    this.#options.checker.streamed.push(streamed);
    try {
      const { signal } = this.#stopping;
      let response = await fetch(`${web}/api/rooms/lobby/stream`);
      // The room is created when somebody enters it.
      while (!response.ok && !signal.aborted) {
        await response.body?.cancel();
        await pause(100);
        response = await fetch(`${web}/api/rooms/lobby/stream`);
      }
      const reader = response.body!.getReader();
      // Aborting the fetch would leave the reader waiting.
      signal.addEventListener("abort", () => reader.cancel().catch(() => {}));
      if (signal.aborted) await reader.cancel();
      const decoder = new TextDecoder();
      let text = "";
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const lines = (text + decoder.decode(read.value, { stream: true })).split("\n");
        text = lines.pop()!;
        for (const line of lines) {
          if (line.startsWith("data: {")) streamed.push(JSON.parse(line.slice(6)) as never);
        }
      }
    } catch {
      // The node was killed.
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves once the signal is aborted, at once if it is already. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** The first groups of the matches of a pattern in a transcript, from index `since` on. */
function bodiesOf(transcript: string, pattern: RegExp, since: number): string[] {
  return [...transcript.matchAll(pattern)]
    .filter(({ index }) => index > since)
    .map(([, body]) => body);
}
