import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { askServer } from "../../../lib/cli/control/ask_server.ts";
import { readControlLines } from "../../../lib/cli/control/control_lines.ts";
import {
  controlPath,
  type ControlSocket,
  openControlSocket,
} from "../../../lib/cli/control/control_socket.ts";
import type { ControlRequest } from "../../../lib/cli/control/requests/control_request.ts";
import { systemClock } from "../../../lib/clock.ts";
import { AccountKeys } from "../../../lib/domain/access/accounts/account_keys.ts";
import { Accounts } from "../../../lib/domain/access/accounts/accounts.ts";
import { PasswordHasher } from "../../../lib/domain/access/login/password_hasher.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { FairBudget } from "../../../lib/server/fairness/fair_budget.ts";
import { MemoryStateStore } from "../../../lib/store/memory/state_store.ts";
import type { ByteConnection } from "../../../lib/transport/connection.ts";
import { connectPrivately } from "../../../lib/transport/private_socket.ts";
import { FakeClock, settleSockets } from "../../support/fake_clock.ts";
import { SeededRandom } from "../../support/random.ts";
import { rounds, SEED } from "../../support/rounds.ts";
import { TemporaryDirectory } from "../../support/temporary_directory.ts";
import { noTokens } from "../../support/token_owners.ts";

const encoder = new TextEncoder();

class ControlScene implements AsyncDisposable {
  readonly #directory = new TemporaryDirectory();
  readonly data = this.#directory.path;
  readonly clock = new FakeClock({ settle: settleSockets });
  readonly accounts: Accounts;
  readonly socket: ControlSocket;
  readonly #peers: ByteConnection[] = [];

  private constructor(accounts: Accounts, requests?: readonly ControlRequest[]) {
    this.accounts = accounts;
    const work = new FairBudget({ clock: systemClock }).account();
    const { data, clock } = this;
    this.socket = openControlSocket({
      data,
      parts: { accounts, keys: new AccountKeys({ accounts }), tokens: noTokens() },
      clock,
      work,
      requests,
    })!;
  }

  static async open(...requests: readonly ControlRequest[]): Promise<ControlScene> {
    const hasher = new PasswordHasher({ costs: { ln: 4, r: 8, p: 1 }, iterations: 1 });
    const accounts = await Accounts.open({ state: new MemoryStateStore(), hasher });
    return new ControlScene(accounts, requests.length === 0 ? undefined : requests);
  }

  async connect(): Promise<ByteConnection> {
    const peer = (await connectPrivately(controlPath(this.data)))!;
    this.#peers.push(peer);
    return peer;
  }

  /** Sends bytes, and returns the lines answered until the end. */
  async exchange(...chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
    const peer = await this.connect();
    for (const chunk of chunks) {
      const bytes = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
      for (let sent = 0; sent < bytes.length;) sent += await peer.write(bytes.subarray(sent));
    }
    await peer.closeWrite();
    return await Array.fromAsync(readControlLines(peer, 1024 * 1024));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _directory = this.#directory;
    for (const peer of this.#peers) peer.close();
    await this.socket[Symbol.asyncDispose]();
  }
}

const badRequest = (text: string) => JSON.stringify({ error: { code: "bad-request", text } });

Deno.test("ControlSocket does requests, one after the other, and answers each with a line", async () => {
  await using scene = await ControlScene.open();
  const add = { request: "account add", fields: { name: "ann", password: "tea at five" } };
  const answers = await scene.exchange(`${JSON.stringify(add)}\n${JSON.stringify(add)}\n`);
  assertMatch(
    answers[0],
    /^\{"result":\{"name":"ann","operator":false,"createdAt":"\d{4}-.*Z"\}\}$/,
  );
  assertMatch(answers[1], /^\{"error":\{"code":"name-in-use","text":"There is already .*"\}\}$/);
  assertEquals(answers.length, 2);
  await scene.accounts.passwords.logIn("ann", "tea at five");
});

Deno.test("ControlSocket refuses what is not a request with a sentence, and goes on", async () => {
  await using scene = await ControlScene.open();
  const answers = await scene.exchange(
    "nonsense\n[]\n{}\n\n",
    '{"request":"nothing"}\n{"request":"account add","fields":[]}\n',
    '{"request":"account add","fields":{"name":"ann","password":7}}\n',
    '{"request":"account list"}\n{"request":"account li',
  );
  assertEquals(answers, [
    badRequest("The message is not JSON."),
    badRequest("A message must be a JSON object."),
    badRequest('"request" is missing.'),
    badRequest("The message is not JSON."),
    badRequest('There is no request "nothing".'),
    badRequest('"fields" must be a JSON object.'),
    badRequest('"password" must be a string.'),
    '{"result":[]}',
  ]);
});

Deno.test("ControlSocket ends a connection whose line is too long or no text", async () => {
  await using scene = await ControlScene.open();
  const tooLong = badRequest("A line may have at most 131072 bytes.");
  assertEquals(await scene.exchange(`{"request":"${"x".repeat(128 * 1024)}`), [tooLong]);
  assertEquals(await scene.exchange(`${" ".repeat(128 * 1024 + 1)}\n{}\n`), [tooLong]);
  const notText = badRequest("A line must be valid UTF-8.");
  assertEquals(await scene.exchange(Uint8Array.of(0xff, 0x0a), "{}\n"), [notText]);
});

Deno.test("ControlSocket survives any bytes", async () => {
  await using scene = await ControlScene.open();
  const random = new SeededRandom(SEED);
  const valid = '{"request":"account list","fields":{}}\n';
  for (let round = 0; round < rounds(60, 3000); round++) {
    const bytes = encoder.encode(valid.repeat(1 + random.int(3)));
    for (let change = random.int(6); change > 0; change--) {
      bytes[random.int(bytes.length)] = random.int(256);
    }
    const answers = await scene.exchange(bytes.subarray(0, random.int(bytes.length + 1)));
    for (const answer of answers) assertMatch(answer, /^\{"(result|error)":/);
  }
  assertEquals(await scene.exchange(valid), ['{"result":[]}']);
});

Deno.test("ControlSocket lets a connection stay for half a minute", async () => {
  await using scene = await ControlScene.open();
  const peer = await scene.connect();
  await peer.write(encoder.encode("{"));
  await scene.clock.advance(29_999);
  await scene.clock.advance(1);
  assertEquals(await Array.fromAsync(readControlLines(peer, 100)), []);
});

Deno.test("ControlSocket serves so many connections at a time", async () => {
  await using scene = await ControlScene.open();
  const peers = [];
  for (let count = 0; count < 16; count++) peers.push(await scene.connect());
  await settleSockets();
  assertEquals(await scene.exchange(), []);
  await peers[0].closeWrite();
  await Array.fromAsync(readControlLines(peers[0], 100));
  assertEquals(await scene.exchange('{"request":"account list"}\n'), ['{"result":[]}']);
});

Deno.test("ControlSocket answers what it has begun before it stops, and removes its file", async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<string>();
  const slow: ControlRequest = {
    name: "slow",
    run: () => {
      begun.resolve();
      return finish.promise;
    },
  };
  await using scene = await ControlScene.open(slow);
  const idle = await scene.connect();
  const answers = scene.exchange('{"request":"slow"}\n');
  await begun.promise;
  const stopped = scene.socket[Symbol.asyncDispose]();
  finish.resolve("done");
  await stopped;
  assertEquals(await answers, ['{"result":"done"}']);
  assertEquals(await Array.fromAsync(readControlLines(idle, 100)), []);
  assertEquals([...Deno.readDirSync(scene.data)], []);
});

Deno.test("ControlSocket waits at its end no longer than for half a minute", async () => {
  const begun = Promise.withResolvers<void>();
  const endless: ControlRequest = {
    name: "endless",
    run: () => {
      begun.resolve();
      return new Promise<never>(() => {});
    },
  };
  await using scene = await ControlScene.open(endless);
  const answers = scene.exchange('{"request":"endless"}\n');
  await begun.promise;
  const stopped = scene.socket[Symbol.asyncDispose]();
  await scene.clock.advance(30_000);
  await stopped;
  assertEquals(await answers, []);
});

Deno.test("ControlSocket says nothing about internal errors", async () => {
  const broken: ControlRequest = {
    name: "broken",
    run: () => Promise.reject(new Error("the secret is 7")),
  };
  await using scene = await ControlScene.open(broken);
  const text = "Internal error. The server has logged it.";
  assertEquals(await scene.exchange('{"request":"broken"}\n'), [
    JSON.stringify({ error: { code: "internal", text } }),
  ]);
});

Deno.test("askServer() passes the server's answer or its refusal on", async () => {
  const echo: ControlRequest = {
    name: "echo",
    run: (fields) => Promise.resolve(fields.text("text")),
  };
  const refuse: ControlRequest = {
    name: "refuse",
    run: () => Promise.reject(new DomainError("not-permitted", "Ask ann.")),
  };
  await using scene = await ControlScene.open(echo, refuse);
  const options = { data: scene.data, clock: systemClock };
  const text = `é ${"x".repeat(10_000)}`;
  assertEquals(await askServer(echo, { text }, options), text);
  await assertRejects(() => askServer(refuse, {}, options), Error, "Ask ann.");
});

Deno.test("askServer() says so if there is no server for a request that needs one", async () => {
  using data = new TemporaryDirectory();
  const status: ControlRequest = {
    name: "status",
    needsServer: true,
    run: () => Promise.resolve(1),
  };
  const asking = () => askServer(status, {}, { data: data.path, clock: systemClock });
  await assertRejects(asking, Error, `No server runs on ${data.path}. Start one first.`);
});

Deno.test("openControlSocket() only warns if it cannot open the socket", async () => {
  using data = new TemporaryDirectory();
  const accounts = await Accounts.open({ state: new MemoryStateStore() });
  const work = new FairBudget({ clock: systemClock }).account();
  const options = {
    parts: { accounts, keys: new AccountKeys({ accounts }), tokens: noTokens() },
    clock: systemClock,
    work,
  };
  const long = `${data.path}/${"x".repeat(100)}`;
  Deno.mkdirSync(long);
  assertEquals(openControlSocket({ data: long, ...options }), undefined);
  Deno.writeTextFileSync(controlPath(data.path), "");
  assertEquals(openControlSocket({ data: data.path, ...options }), undefined);
  assert(Deno.statSync(controlPath(data.path)).isFile);
});
