import { assertEquals, assertLessOrEqual } from "@std/assert";
import { MOST_CHARACTERS } from "../../lib/domain/tutorial/todo_list.ts";
import { Todo } from "../../lib/service/todo.ts";
import { MemoryStateStore } from "../../lib/store/memory/state_store.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { SeededRandom } from "../support/random.ts";
import { LineScene, settle } from "./line_scene.ts";
import { TrialStateStore } from "./trial_state_store.ts";

const FIRST = '{"task_01":"see someone","task_02":"read book","task_03":"play basketball"}';
const NOT_DONE = "! Not done: the server could not store it. Try again later.";
const IS_FULL = "! The list is full. Shorten the text of a task first.";

Deno.test("Todo answers as in the tutorial", async () => {
  await using scene = new LineScene(new Todo(new MemoryStateStore()));
  const peer = scene.connect();
  const transcript = [
    ["GET", FIRST],
    ["GET/task_01/status", "see someone"],
    ["GET/task_09/status", "no key match"],
    ["POST/task_09=buy milk/status", "submit success"],
    ["GET/task_09/status", "buy milk"],
    ["POST/task_02=read  another=book / today/status", "submit success"],
    ["GET/task_02/status", "read  another=book / today"],
    ["POST/task_03=/status", "submit success"],
    ["GET/task_03/status", ""],
    ["GET/task_01", "data no found"],
    ["POST/task_01/status", "data no found"],
    ["hello", "data no found"],
    ["", "data no found"],
    [
      "GET",
      '{"task_01":"see someone","task_02":"read  another=book / today","task_03":"","task_09":"buy milk"}',
    ],
  ];
  for (const [line, answer] of transcript) assertEquals(await peer.ask(line), answer, line);
});

Deno.test("Todo answers everything sent by a peer that ends its side", async () => {
  await using scene = new LineScene(new Todo(new MemoryStateStore()));
  const answers = await scene.exchange("POST/a=1/status", "GET/a/status", "x", "GET/b/status");
  assertEquals(answers, ["submit success", "1", "data no found", "no key match"]);
});

Deno.test("Todo starts with its first tasks once, however many peers ask at the same time", async () => {
  const state = new MemoryStateStore();
  await using scene = new LineScene(new Todo(state));
  const peers = Array.from({ length: 5 }, () => scene.connect());
  const answers = await Promise.all(peers.map((peer, index) => {
    return index === 2 ? peer.ask("POST/task_01=mine/status") : peer.ask("GET/task_03/status");
  }));
  assertEquals(answers.filter((answer) => answer === "play basketball").length, 4);
  assertEquals(await peers[0].ask("GET/task_01/status"), "mine");

  // They are not restored after a restart.
  await using again = new LineScene(new Todo(state));
  assertEquals(await again.exchange("GET/task_01/status"), ["mine"]);
});

Deno.test("Todo lets no text control a terminal, and loses no tab", async () => {
  await using scene = new LineScene(new Todo(new MemoryStateStore()));
  const peer = scene.connect();
  await peer.ask("POST/a=\x1b[2J\ta\u202e/status");
  assertEquals(await peer.ask("GET/a/status"), "^[[2J\ta<U+202E>");
  await peer.ask("POST/\u009b=\x7f/status");
  const json = await peer.ask("GET");
  assertEquals(json.includes(String.raw`"a":"\u001b[2J\ta\u202e","\u009b":"\u007f"`), true, json);
  assertEquals(JSON.parse(json)["\u009b"], "\x7f");
});

Deno.test("Todo changes nothing for a line that was cut", async () => {
  await using scene = new LineScene(new Todo(new MemoryStateStore()), { maxLineBytes: 64 });
  const long = `POST/a=${"x".repeat(80)}/status`;
  assertEquals(await scene.exchange(long, "GET/a/status"), [
    "! That line is longer than 64 bytes and was not read. Send a shorter one.",
    "no key match",
  ]);
});

Deno.test("Todo takes no more than fits, and continues after a text was shortened", async () => {
  await using scene = new LineScene(new Todo(new MemoryStateStore()));
  const peer = scene.connect();
  const value = "x".repeat(4000);
  let count = 0;
  while (await peer.ask(`POST/t${count}=${value}/status`) === "submit success") count++;
  assertEquals(peer.lines.at(-1), IS_FULL);
  assertEquals(count, Math.floor(MOST_CHARACTERS / 4002));
  assertEquals(await peer.ask(`GET/t${count}/status`), "no key match");
  assertEquals(await peer.ask(`POST/t0=${value}/status`), "submit success");
  assertEquals(await peer.ask(`POST/t0=short/status`), "submit success");
  assertEquals(await peer.ask(`POST/t${count}=${value}/status`), "submit success");
  assertEquals(await peer.ask(`POST/t0=${value}/status`), IS_FULL);
  assertEquals(await peer.ask("GET/t0/status"), "short");

  await using full = new LineScene(new Todo(new MemoryStateStore()), { maxLineBytes: 200_000 });
  assertEquals(await full.exchange(`POST/big=${"x".repeat(MOST_CHARACTERS)}/status`), [IS_FULL]);
});

Deno.test("Todo counts its size again after a restart", async () => {
  const state = new MemoryStateStore();
  await using before = new LineScene(new Todo(state));
  await before.exchange(
    ...Array.from({ length: 16 }, (_, index) => `POST/t${index}=${"x".repeat(4000)}/status`),
  );
  await using after = new LineScene(new Todo(state));
  assertEquals(await after.exchange(`POST/one_more=${"x".repeat(4000)}/status`), [IS_FULL]);
});

Deno.test("Todo reports a failed store, and does not count it", async () => {
  const state = new TrialStateStore();
  await using scene = new LineScene(new Todo(state));
  const peer = scene.connect();
  state.isFull = true;
  assertEquals(await peer.ask("GET"), NOT_DONE);
  state.isFull = false;
  assertEquals(await peer.ask("GET"), FIRST);
  const value = "x".repeat(4000);
  state.isFull = true;
  for (let round = 0; round < 30; round++) {
    assertEquals(await peer.ask(`POST/t${round}=${value}/status`), NOT_DONE);
  }
  state.isFull = false;
  for (let round = 0; round < 10; round++) {
    assertEquals(await peer.ask(`POST/t${round}=${value}/status`), "submit success");
  }
});

Deno.test("Todo queues no list for a peer that has not read the last one", async () => {
  const outboxBytes = 16 * 1024;
  await using scene = new LineScene(new Todo(new MemoryStateStore()), { outboxBytes });
  const [slow, quick] = [scene.connect(), scene.connect()];
  for (let index = 0; index < 10; index++) {
    await quick.ask(`POST/t${index}=${"x".repeat(4000)}/status`);
  }
  slow.pause();
  slow.send(...Array.from({ length: 50 }, () => "GET"));
  await settle(500);
  // One list is larger than the outbox, which then holds nothing else.
  assertLessOrEqual(slow.session.outbox.queuedBytes, 42_000);
  assertEquals(await quick.ask("GET/task_02/status"), "read book");

  slow.resume();
  const answers = await slow.finish();
  assertEquals([answers.length, new Set(answers).size], [50, 1]);
  assertEquals(Object.keys(JSON.parse(answers[0])).length, 13);
});

Deno.test("Todo reads the list from disk once, and never sends an old one", async () => {
  let lists = 0;
  class CountingStore extends MemoryStateStore {
    override all(service: string) {
      lists++;
      return super.all(service);
    }
  }
  await using scene = new LineScene(new Todo(new CountingStore()));
  const [ann, bob] = [scene.connect(), scene.connect()];
  for (let round = 0; round < 20; round++) {
    assertEquals(await ann.ask(`POST/task_01=${round}/status`), "submit success");
    for (const peer of [bob, ann, bob]) {
      assertEquals(JSON.parse(await peer.ask("GET")).task_01, `${round}`);
    }
  }
  assertEquals(lists, 1);
});

Deno.test("Todo answers any line according to the table", async () => {
  const random = new SeededRandom(7);
  const names = ["task_01", "a", "7", "__proto__", "my task"];
  const pieces = ["GET", "POST", "/", "=", "status", "/status", "a", " ", "é", "\t", '"'];
  const tasks = new Map(Object.entries(JSON.parse(FIRST)) as [string, string][]);
  const lines: string[] = [];
  const expected: string[] = [];
  const say = (line: string, answer: string) => {
    lines.push(line);
    expected.push(answer);
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random.int(6) }, () => random.pick(pieces)).join("");
    const task = random.pick(names);
    switch (random.int(4)) {
      case 0:
        say(`POST/${task}=${text}/status`, "submit success");
        tasks.set(task, text);
        break;
      case 1:
        say(`GET/${task}/status`, tasks.get(task) ?? "no key match");
        break;
      case 2:
        // A leading space matches no form.
        say(` ${text}`, "data no found");
        break;
      case 3: {
        const pairs = [...tasks].map(([key, value]) => {
          return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
        });
        say("GET", `{${pairs.join(",")}}`);
      }
    }
  }
  await using scene = new LineScene(new Todo(new MemoryStateStore()));
  // "é" is not ASCII, but does not control a terminal.
  assertEquals(await scene.exchange(...lines), expected);
});

Deno.test("Todo has one list on all nodes of a cluster, which two may begin at one moment", async () => {
  await using cluster = new MemoryCluster();
  const nodes = [await cluster.start("a"), await cluster.start("b")];
  await using one = new LineScene(new Todo(nodes[0].state));
  await using other = new LineScene(new Todo(nodes[1].state));
  const [ann, bob] = [one.connect(), other.connect()];
  assertEquals(await Promise.all([ann, bob].map((peer) => peer.ask("GET"))), [FIRST, FIRST]);
  await Promise.all([ann.ask("POST/tea=green/status"), bob.ask("POST/milk=oat/status")]);
  await cluster.settle();
  const lists = await Promise.all([ann, bob].map((peer) => peer.ask("GET")));
  assertEquals(lists[0], lists[1]);
  assertEquals(Object.keys(JSON.parse(lists[0])).length, 5);
  assertEquals(await bob.ask("GET/tea/status"), "green");
});
