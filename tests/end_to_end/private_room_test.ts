/**
 * Walks every door to the past of every kind of room, as every kind of asker, on the real server.
 * Each room has one message with a secret word in it, which must be seen by exactly those who may
 * read the room.
 */

import { assert, assertEquals } from "@std/assert";
import { askServer } from "../../lib/cli/control/ask_server.ts";
import { CONTROL_REQUESTS } from "../../lib/cli/control/requests/mod.ts";
import { systemClock } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../lib/store/sqlite/state_store.ts";
import { LineClient } from "../support/line_client.ts";
import { readUntil } from "../support/read_until.ts";
import { ServerProcess } from "../support/server_process.ts";
import { openOwners, PASSWORD } from "../support/token_owners.ts";
import { WebClient } from "../support/web_client.ts";

/** The rooms, how olga makes them what they are, and who may read them. */
const ROOMS: Readonly<Record<string, { settings: readonly string[]; readers: readonly string[] }>> =
  {
    open: { settings: [], readers: ["guest", "mal", "carl", "ida", "olga", "root"] },
    hidden: {
      settings: ["/room register", "/room hidden on"],
      readers: ["guest", "mal", "carl", "ida", "olga", "root"],
    },
    private: {
      settings: ["/room register", "/room private on", "/invite ida"],
      readers: ["ida", "olga", "root"],
    },
    keyed: {
      settings: ["/room register", "/room key sesame", "/invite ida"],
      readers: ["ida", "olga", "root"],
    },
    banning: {
      settings: ["/room register", "/ban mal", "/ban carl"],
      readers: ["guest", "ida", "olga", "root"],
    },
  };
const ACCOUNTS = ["olga", "ida", "carl", "root"];
const GUESTS = ["guest", "mal"];
/** Those who own the room or may do everything: only they find it without knowing its name. */
const isExpected = (name: string) => name === "olga" || name === "root";
/** The end of an answer. */
const MARK = "! There is no command /endofanswer";

const secretOf = (room: string) => `quagga${room.length}${room}`;

class Scene implements AsyncDisposable {
  readonly server: ServerProcess;

  private constructor(server: ServerProcess) {
    this.server = server;
  }

  static async open(): Promise<Scene> {
    const prepare = async (data: string) => {
      using database = openDatabase(`${data}/partyline.db`, "normal");
      const { accounts } = await openOwners(ACCOUNTS, { state: new SqliteStateStore(database) });
      await accounts.setOperator("root", true);
    };
    const args = ["--listen", "chat=tcp://127.0.0.1:0", "--web", "http://127.0.0.1:0"];
    return new Scene(await ServerProcess.start({ prepare, args: [...args, "--flood-rate", "0"] }));
  }

  async enter(name: string): Promise<LineClient> {
    const client = await LineClient.connect(this.server.ports[0]);
    await client.send(name, ...(ACCOUNTS.includes(name) ? [PASSWORD] : []));
    await client.expect(/\* You are in #lobby.*\r\n/);
    return client;
  }

  async token(account: string, rooms = ""): Promise<string> {
    const request = CONTROL_REQUESTS.find(({ name }) => name === "token new")!;
    const label = `walk${rooms.replaceAll(" ", "-")}`;
    const fields = { account, label, rooms };
    const made = await askServer(request, fields, {
      data: this.server.data,
      clock: systemClock,
    });
    return (made as { secret: string }).secret;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

async function ask(client: LineClient, ...lines: string[]): Promise<string> {
  await client.send(...lines, "/endofanswer");
  return await client.expect(MARK);
}

/** Everything that a path of the API answers; of a stream, what comes at once. */
async function get(url: string, token: string | undefined): Promise<string> {
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const response = await fetch(url, { headers });
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return await response.text();
  }
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  // Each room has its message, and the stream begins with it.
  const text = await readUntil(reader, "quagga");
  await reader.cancel();
  return text;
}

function pathsOf(room: string): readonly string[] {
  return [
    `/api/rooms/${room}`,
    `/api/rooms/${room}/messages`,
    `/api/rooms/${room}/messages/2`,
    `/api/rooms/${room}/counts`,
    ...["jsonl", "text", "csv"].map((format) => `/api/rooms/${room}/export?format=${format}`),
    `/api/rooms/${room}/stream?after=0`,
    `/api/search?q=zebra%20in:${room}&context=2`,
  ];
}

Deno.test("Every door shows a room's past to exactly those who may read it", async () => {
  await using scene = await Scene.open();
  const { web } = scene.server;
  const olga = await scene.enter("olga");
  for (const [room, { settings }] of Object.entries(ROOMS)) {
    await olga.send(`/join ${room}`, `zebra ${secretOf(room)}`);
    await olga.expect(`You are in #${room}`);
    const answer = await ask(olga, ...settings);
    assert(!answer.replace(MARK, "").includes("! "), answer);
  }
  let looks = 0;
  const check = (text: string, room: string, isReader: boolean, label: string) => {
    assertEquals(text.includes(secretOf(room)), isReader, `${label}: ${text.slice(-600)}`);
    looks++;
  };

  for (const name of [...ACCOUNTS, ...GUESTS]) {
    const client = name === "olga" ? olga : await scene.enter(name);
    const all = await ask(client, "/search zebra -C 3");
    for (const [room, { readers }] of Object.entries(ROOMS)) {
      const isFound = readers.includes(name) && (room !== "hidden" || isExpected(name));
      check(all, room, isFound, `${name} searches everywhere`);
    }
    for (const [room, { readers }] of Object.entries(ROOMS)) {
      const isReader = readers.includes(name);
      for (const line of [`/history 5 before ${room}#3`, `/search zebra in:${room}`]) {
        check(await ask(client, line), room, isReader, `${name} ${line}`);
      }
      if (!isReader) check(await ask(client, `/quote ${room}#2`), room, false, `${name} /quote`);
      if (name !== "olga") {
        check(await ask(client, `/join ${room}`), room, isReader, `${name} joins`);
      }
      if (!isReader) {
        check(await ask(client, `/who ${room}`, "/rooms"), room, false, `${name} /who`);
      }
    }
    await client.close();
  }

  const tokens: [name: string, token: string | undefined, only?: string][] = [
    ["guest", undefined],
    ...await Promise.all(ACCOUNTS.map(async (name): Promise<[string, string]> => [
      name,
      await scene.token(name),
    ])),
    ["olga", await scene.token("olga", "open"), "open"],
    ["olga", await scene.token("olga", "private"), "private"],
  ];
  for (const [name, token, only] of tokens) {
    for (const [room, { readers }] of Object.entries(ROOMS)) {
      // A token acts for its account, but not with its power over the server.
      const isSpecial = name === "root" && room !== "open" && room !== "hidden" &&
        room !== "banning";
      const isReader = readers.includes(name) && !isSpecial &&
        (only === undefined || only === room);
      for (const path of pathsOf(room)) {
        const text = await get(`${web}${path}`, token);
        if (/\/counts$|\/rooms\/\w+$/.test(path)) {
          assertEquals(
            text.includes('"no-such-room"') || text.includes('"not-permitted"'),
            !isReader,
            `${name} ${path}: ${text}`,
          );
          looks++;
        } else check(text, room, isReader, `${name} ${path}`);
      }
    }
  }

  for (const name of ["guest", "carl", "ida"]) {
    const client = await WebClient.open(`${web}/ws`);
    const isKnown = ACCOUNTS.includes(name);
    client.send({ type: "hello", name, ...(isKnown ? { password: PASSWORD } : {}) });
    await client.next("live");
    for (const [room, { readers }] of Object.entries(ROOMS)) {
      const isReader = readers.includes(name);
      const answers = [
        await client.ask({ type: "history", room }),
        await client.ask({ type: "search", query: `zebra in:${room}`, context: 2 }),
      ];
      for (const answer of answers) {
        check(JSON.stringify(answer), room, isReader, `${name} on the web`);
      }
      const before = client.messages.length;
      client.send({ type: "join", room, read: 1 });
      await client.ask({ type: "ping" });
      const told = JSON.stringify(client.messages.slice(before));
      check(told, room, isReader, `${name} joins on the web`);
      if (!isReader) assert(!told.includes('"unread":1'), told);
    }
    client.close();
    await client.ended;
  }
  assert(looks > 300, `${looks}`);
  const listed = await get(`${web}/api/rooms`, undefined);
  assert(!listed.includes("private") && !listed.includes("hidden"), listed);
});
