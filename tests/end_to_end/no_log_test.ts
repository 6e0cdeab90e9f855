/**
 * A room with `no-log` on the real server: what is said there is delivered at every door, and is
 * nowhere afterwards, also not after `kill -9`.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { openOwners, PASSWORD } from "../support/token_owners.ts";
import { until } from "../support/patience.ts";
import { WebClient } from "../support/web_client.ts";

/** In everything that must not be kept. */
const SECRET = "quaggasecret";
const MARK = "! There is no command /endofanswer";
const ARGS = [
  ...["--listen", "chat=telnet://127.0.0.1:0", "--listen", "logger=tcp://127.0.0.1:0?room=ops"],
  ...["--listen", "chat=tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0", "--flood-rate", "0"],
];

async function ask(client: LineClient, ...lines: string[]): Promise<string> {
  await client.send(...lines, "/endofanswer");
  return await client.expect(MARK);
}

/** Files of the directory in which the text is, in UTF-8 or UTF-16. */
async function filesWith(text: string, directory: string): Promise<string[]> {
  const decoders = [new TextDecoder("latin1"), new TextDecoder("utf-16le")];
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(directory)) {
    if (!isFile) continue;
    const bytes = await Deno.readFile(`${directory}/${name}`);
    if (decoders.some((decoder) => decoder.decode(bytes).toLowerCase().includes(text))) {
      found.push(name);
    }
  }
  return found.sort();
}

/** Everything that a stream sends until it holds all of `wanted`. */
async function streamUntil(response: Response, ...wanted: string[]): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!hasAll(text, wanted)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended without all of ${wanted}: ${text}`);
    text += value;
  }
  await reader.cancel();
  return text;
}

function hasAll(text: string, wanted: readonly string[]): boolean {
  return wanted.every((one) => text.includes(one));
}

Deno.test("A room with no-log delivers what is said to all, and keeps none of it", async () => {
  using data = new TemporaryDirectory();
  {
    using database = openDatabase(`${data.path}/partyline.db`, "normal");
    await openOwners(["olga"], { state: new SqliteStateStore(database) });
  }
  let server = await ServerProcess.start({ data: data.path, args: ARGS });
  try {
    const [, logPort] = server.ports;
    const olga = await LineClient.connect(server.port);
    await olga.send("olga", PASSWORD);
    await olga.expect(/\* You are in #lobby.*\r\n/);
    await olga.send("/join ops", "/topic what it was about", "before quagga");
    await olga.expect("You are in #ops");
    await ask(olga, "/room register");
    const bob = await LineClient.connect(server.ports[0]);
    await bob.send("bob", "/join ops");
    await bob.expect("You are in #ops");
    assertMatch(await ask(bob, "/room no-log on"), /! #ops has an owner|! Only/);
    assertMatch(await ask(olga, "/room no-log on"), /\* Done\. \/undo #\d+ takes it back/);
    await bob.expect(
      "* olga turned no-log on in #ops: from now on only numbers and times are kept",
    );
    assertMatch(await ask(bob, "/room"), /\* no-log: only numbers and times are kept/);

    const web = await WebClient.open(`${server.web}/ws`);
    web.send({ type: "hello", name: "wanda", room: "ops" });
    await web.next("live");
    if (!JSON.stringify(web.messages).includes('"ops"')) {
      await web.ask({ type: "join", room: "ops" });
    }
    const stream = await fetch(`${server.web}/api/rooms/ops/stream`);

    // Every way in; everybody hears it.
    await olga.send(`${SECRET} one`, `/me ${SECRET} two`, `/topic ${SECRET} three`);
    await bob.send(`${SECRET} four`);
    web.send({ type: "say", room: "ops", body: `${SECRET} five` });
    const log = await LineClient.connect(logPort);
    await log.send(`<11>1 - web1 app - - - ${SECRET} six`);
    // The doors are not in step with each other; nobody is shown their own words.
    const texts = ["one", "two", "three", "four", "five", "six"].map((word) => `${SECRET} ${word}`);
    const forBob = texts.filter((_, index) => index !== 3);
    await until("olga has heard all", () => hasAll(olga.transcript, texts.slice(3)));
    await until("bob has heard all", () => hasAll(bob.transcript, forBob));
    await until("wanda has heard all", () => hasAll(JSON.stringify(web.messages), texts));
    await streamUntil(stream, ...texts);

    // Nobody reads it again.
    const carl = await LineClient.connect(server.port);
    await carl.send("carl", "/join ops");
    await carl.expect("You are in #ops");
    const looks = [
      await ask(carl, "/history 50", "/quote #8", `/search ${SECRET}`, "/search in:ops from:bob"),
      ...await Promise.all(
        [
          "messages?limit=200",
          "messages/8",
          "export?format=text",
          "export?format=jsonl",
          "export?format=csv",
          "counts",
        ].map(async (path) => await (await fetch(`${server.web}/api/rooms/ops/${path}`)).text()),
      ),
      await streamUntil(await fetch(`${server.web}/api/rooms/ops/stream?after=1`), "no-log"),
      await (await fetch(`${server.web}/api/search?q=${SECRET}`)).text(),
      JSON.stringify(await web.ask({ type: "history", room: "ops", limit: 50 })),
      JSON.stringify(await web.ask({ type: "search", query: SECRET })),
    ];
    for (const text of looks) assert(!text.includes(`${SECRET} `), text);
    assertMatch(looks[0], /\* gap: \d+ events, #\d+ to #\d+, were not kept, because no-log was on/);
    assert(looks[0].includes("before quagga"), looks[0]);
    assertMatch(looks[0], /! #8 was not kept/);
    assert(carl.transcript.includes("were not kept, because no-log was on"), carl.transcript);

    // Nor is it anywhere in the directory, while the server runs and after it is killed.
    assertEquals(await filesWith(SECRET, data.path), []);
    assert((await filesWith("before quagga", data.path)).length > 0);
    await server.kill();
    for (const client of [olga, bob, carl, log]) await client.close();
    web.close();
    await web.ended;
    assertEquals(await filesWith(SECRET, data.path), []);
    const { code, stdout } = await runToEnd(["verify", "--data", data.path]);
    assertEquals(code, 0, stdout);
    const exported = await runToEnd(["export", "--room", "ops", "--data", data.path]);
    assert(exported.stdout.includes("before quagga"), JSON.stringify(exported));
    assertMatch(exported.stdout, /"kind":"message","from":"\(not kept\)","body":"",.*"no-log"/);

    // The setting, the numbers and that something was said survive.
    await server[Symbol.asyncDispose]();
    server = await ServerProcess.start({ data: data.path, args: ARGS });
    const dora = await LineClient.connect(server.port);
    await dora.send("dora", "/join ops");
    await dora.expect(/\* gap: \d+ events, #\d+ to #\d+, were not kept, because no-log was on/);
    await dora.send(`${SECRET} seven`);
    assert(!(await ask(dora, "/topic")).includes("what it was about"));
    assertEquals(await filesWith(SECRET, data.path), []);
    await dora.close();
  } finally {
    await server[Symbol.asyncDispose]();
  }
});
