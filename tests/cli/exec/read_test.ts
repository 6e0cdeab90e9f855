import { assert, assertEquals, assertMatch } from "@std/assert";
import type { SearchService, UnscopedSearch } from "../../../lib/domain/search/search.ts";
import { settle } from "../../support/chat_room.ts";
import { ExecRoom } from "../../support/exec_room.ts";

const ANN = { name: "ann", account: "ann" };

/** Says numbered lines in a room. */
async function fill(room: ExecRoom, name: string, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, index) => `line ${index + 1}`);
  await room.run(`say ${name}`, { input: bodies.join("\n") });
}

/** A private room of ann's with a line in it. */
async function openPrivate(room: ExecRoom): Promise<void> {
  const ann = await room.logIn("ann", { room: "plans" });
  ann.say("/room register", "/room private on", "top secret");
  await ann.read();
}

Deno.test("tail prints the last events, and history what was said", async () => {
  await using room = new ExecRoom();
  await fill(room, "ops", 30);
  assertEquals((await room.lines("tail ops")).length, 10);
  assertEquals(await room.lines("tail -2 #OPS"), [
    "2026-11-21T06:30:00.000Z ops#29 <jack> line 29",
    "2026-11-21T06:30:00.000Z ops#30 <jack> line 30",
  ]);
  const [json] = (await room.lines("tail ops -n 1 --json")).map((line) => JSON.parse(line));
  assertEquals([json.seq, json.body, json.via], [30, "line 30", "ssh"]);
  assertEquals(await room.lines("tail ops -n 0"), []);
  assertEquals((await room.lines("history ops")).length, 20);
  assertEquals(await room.lines("history ops 1"), ["#30 2026-11-21 06:30 <jack> line 30"]);
  assertEquals((await room.lines("history ops 500 --json")).length, 30);
});

Deno.test("history reads nothing more once it is stopped, or its reader is gone", async () => {
  for (const end of ["interrupt", "vanish"] as const) {
    await using room = new ExecRoom();
    await fill(room, "ops", 400);
    const { log } = room;
    const found = Promise.withResolvers<void>();
    let reads = 0;
    for (const name of ["countTalk", "talk"] as const) {
      const read = log[name].bind(log) as (...args: unknown[]) => Promise<never>;
      log[name] = async (...args) => {
        reads++;
        const result = await read(...args);
        if (name === "talk") await found.promise;
        return result;
      };
    }
    const peer = room.start("history ops 400");
    await settle();
    const ended = end === "vanish" ? peer.vanish() : peer.interrupt();
    found.resolve();
    await ended;
    await settle();
    assertEquals(reads, 2, end);
  }
});

Deno.test("Nothing tells of a room that may not be read", async () => {
  await using room = new ExecRoom();
  await openPrivate(room);
  for (const words of ["plans", "nowhere"]) {
    for (const command of [`tail ${words}`, `history ${words}`, `export --room ${words}`]) {
      assertEquals(await room.run(command), {
        status: 1,
        stdout: "",
        stderr: `There is no room #${words}. The command rooms lists them.\n`,
      }, command);
    }
    assertEquals((await room.run(`who ${words}`)).stderr, `Nobody is in #${words}.\n`);
  }
  assertEquals(
    (await room.run("history @nobody")).stderr,
    "There is no conversation @nobody. Nothing has been said in it, or you are not logged in.\n",
  );
  const others = [
    ...await room.lines("rooms"),
    ...await room.lines("export"),
    ...await room.lines("who"),
  ];
  assertEquals(others.filter((line) => /plans|secret/.test(line)), []);
  for (const command of ["tail plans", "history plans", "export", "who", "rooms"]) {
    const lines = await room.lines(command, { identity: ANN });
    assert(lines.some((line) => line.includes("plans") || line.includes("secret")), command);
  }
});

Deno.test("export writes rooms one after the other, in each format, between times", async () => {
  await using room = new ExecRoom();
  await fill(room, "ops", 2);
  const between = room.clock.now() + 30_000;
  await room.advance(60_000);
  await fill(room, "dev", 2);
  await fill(room, "ops", 1);
  const bodies = async (options: string) =>
    (await room.lines(`export ${options}`)).map((line) => {
      const { room, seq } = JSON.parse(line);
      return `${room}#${seq}`;
    });
  assertEquals((await bodies("")).toSorted(), ["dev#1", "dev#2", "ops#1", "ops#2", "ops#3"]);
  assertEquals(await bodies("--room ops"), ["ops#1", "ops#2", "ops#3"]);
  const time = new Date(between).toISOString();
  assertEquals(await bodies(`--room ops --since ${time}`), ["ops#3"]);
  assertEquals(await bodies(`--room ops --until ${time}`), ["ops#1", "ops#2"]);
  assertEquals(await bodies(`--room dev --until ${time}`), []);
  const csv = await room.lines("export --format csv");
  assertEquals([csv.length, csv[0].split(",")[0]], [6, "id"]);
  assertEquals(csv.filter((line) => line.startsWith("id,")).length, 1);
});

Deno.test("who and rooms list what /who and /rooms do", async () => {
  await using room = new ExecRoom();
  assertEquals(await room.lines("who"), ["Nobody is here"]);
  const [bob] = await room.enterAll("bob", "carl");
  bob.say("/topic tea", "/away lunch");
  await bob.read();
  await fill(room, "ops", 3);
  assertEquals(await room.lines("who"), ["In #lobby: bob (away: lunch), carl"]);
  assertEquals(await room.lines("who lobby"), ["In #lobby: bob (away: lunch), carl"]);
  assertEquals(await room.lines("rooms"), ["#lobby  2 people: tea", "#ops  nobody, 3 events"]);
});

Deno.test("tail -f prints events as they come, until it is stopped", async () => {
  await using room = new ExecRoom();
  const tail = room.start("tail -f ops -n 1");
  assertEquals(await tail.read(), "");
  await fill(room, "ops", 2);
  assertEquals((await tail.read()).split("\n").map((line) => line.slice(25)), [
    "ops#1 <jack> line 1",
    "ops#2 <jack> line 2",
    "",
  ]);
  tail.interrupt();
  assertEquals(await tail.result(), { status: 130, stdout: "", stderr: "" });
});

Deno.test("tail filters past and new events, and counts the rest", async () => {
  await using room = new ExecRoom();
  const input = ["ERROR: one", "INFO: two", "ERROR: three", "four"].join("\n");
  await room.run("log ops", { input });
  const tail = room.start("tail -f ops --level warn -n 1");
  const bodies = (text: string) => [...text.matchAll(/\| (.*)/g)].map(([, body]) => body);
  assertEquals(bodies(await tail.read()), ["ERROR: three"]);
  await room.run("log ops", { input: Array(1000).fill("INFO: five\nERROR: six").join("\n") });
  assertEquals(bodies(await tail.read()), Array(1000).fill("ERROR: six"));
  tail.interrupt();
  const { status, stderr } = await tail.result();
  assertEquals([status, stderr], [130, "Filtered out 1,001 of 2,002 events\n"]);
  const wrong = await room.run("tail ops --level loud");
  assertEquals([wrong.status, wrong.stderr.split(".")[0]], [2, "There is no level:loud"]);
});

Deno.test("tail -f with a filter ends as soon as the room may no longer be read", async () => {
  await using room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "plans" });
  const tail = room.start("tail -f plans -n 0 --grep hello");
  await settle();
  ann.say("hello", "bye");
  await ann.read();
  assertEquals((await tail.read()).includes("<ann> hello"), true);
  ann.say("/room register", "/room private on", "hello, now secret");
  await ann.read();
  const { status, stdout, stderr } = await tail.result();
  const why = stderr.split(".")[0];
  assertEquals([status, stdout.includes("secret"), why], [1, false, "There is no room #plans"]);
});

Deno.test("tail -f ends without a complaint when its reader is gone", async () => {
  await using room = new ExecRoom();
  const tail = room.start("tail -f ops");
  await settle();
  await tail.vanish();
  await fill(room, "ops", 2);
  assertEquals((await tail.result()).stderr, "");
});

Deno.test("tail -f loses nothing for a slow reader", async () => {
  await using room = new ExecRoom();
  const tail = room.start("tail -f ops --json");
  await settle();
  tail.pause();
  for (let round = 0; round < 10; round++) {
    const input = Array.from({ length: 500 }, (_, index) => `${round} ${index} ${"x".repeat(80)}`);
    await room.run("log ops", { input: input.join("\n") });
  }
  tail.resume();
  await settle();
  const lines = (await tail.read()).trimEnd().split("\n");
  assertEquals(
    lines.map((line) => JSON.parse(line).seq),
    Array.from({ length: 5000 }, (_, i) => i + 1),
  );
  tail.interrupt();
  await tail.result();
});

Deno.test("tail -f ends as soon as the room may no longer be read", async () => {
  await using room = new ExecRoom();
  const ann = await room.logIn("ann", { room: "plans" });
  const tail = room.start("tail -f plans -n 0");
  await settle();
  ann.say("hello");
  await ann.read();
  assertEquals((await tail.read()).includes("<ann> hello"), true);
  ann.say("/room register", "/room private on", "now secret");
  await ann.read();
  const { status, stdout, stderr } = await tail.result();
  assertEquals([status, stdout.includes("secret"), stderr.split(".")[0]], [
    1,
    false,
    "There is no room #plans",
  ]);
});

Deno.test("A command ends when the account is removed", async () => {
  await using room = new ExecRoom();
  await room.addAccount("ann");
  const tail = room.start("tail -f ops", { identity: ANN });
  await settle();
  await room.accounts.remove("ann");
  assertEquals(await tail.result(), {
    status: 1,
    stdout: "",
    stderr: "The account ann has changed, so this has stopped. Connect again.\n",
  });
});

Deno.test("search asks page by page for what the options say", async () => {
  const asked: UnscopedSearch[] = [];
  const event = {
    id: 9,
    room: "ops",
    seq: 3,
    at: 0,
    kind: "message",
    from: "ann",
    body: "disk full",
  } as const;
  const hit = (id: number) => ({
    event: { ...event, id },
    snippet: [{ text: "disk", isMatch: true }, { text: " full", isMatch: false }],
    before: [],
    after: [],
  });
  const search: SearchService = {
    search(request) {
      asked.push(request);
      const { before = 1000, limit } = request;
      const hits = Array.from({ length: limit }, (_, index) => hit(before - 1 - index));
      return Promise.resolve({ hits, next: before - limit });
    },
  };
  await using room = new ExecRoom({ search });
  const query =
    `search --room ops --from ann --since "2026-11-20" "disk full" level:err --limit 70`;
  const lines = await room.lines(query);
  assertEquals(lines.length, 70);
  assertEquals(lines[0], "1970-01-01T00:00:00.000Z ops#3 <ann> disk full");
  const text = `"disk full" level:err in:"ops" from:"ann" after:2026-11-20T00:00:00.000Z`;
  assertEquals(asked.map(({ query, before, limit }) => [query, before, limit]), [
    [text, undefined, 50],
    [text, 950, 20],
  ]);
  const few = await room.run("search disk");
  assertEquals([few.status, few.stderr], [0, "Showing the newest 20; use --limit 0 for all.\n"]);
  const [json] = await room.lines("search disk --json --limit 1");
  assertEquals(JSON.parse(json).snippet[0], { text: "disk", isMatch: true });
});

Deno.test("search refuses a query that says nothing or cannot be understood as wrong usage", async () => {
  const search: SearchService = { search: () => Promise.reject(new Error("must not be asked")) };
  await using room = new ExecRoom({ search });
  for (const command of ["search", "search level:nonsense"]) {
    const { status, stdout, stderr } = await room.run(command);
    assertEquals([status, stdout], [2, ""], `${command}: ${stderr}`);
    assertMatch(stderr, /^[A-Z][^\n]*\.\nusage: search/);
  }
});
