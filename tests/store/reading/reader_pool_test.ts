import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ConnectionContext, runInConnection } from "../../../lib/context.ts";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { ReaderPool } from "../../../lib/store/sqlite/reading/reader_pool.ts";
import type { ReaderWorker } from "../../../lib/store/sqlite/reading/reader_thread.ts";
import type {
  ReaderReply,
  ReaderRequest,
  ReaderStart,
  TaskOutcome,
} from "../../../lib/store/sqlite/reading/serve_reader.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { openReaderPool } from "../../support/reader_pool.ts";
import { RecordedLog } from "../../support/recorded_log.ts";
import { draftOf, numbersOf } from "../../support/room_events.ts";
import { SearchableLog } from "../../support/searchable_log.ts";

/** A thread that does nothing by itself. */
class FakeWorker implements ReaderWorker {
  /** Counts the requests to all workers. */
  static #requests = 0;
  onmessage: ((event: MessageEvent<ReaderReply>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  isTerminated = false;
  /** Its current request, if any, and the number of that among all requests. */
  request: Exclude<ReaderRequest, "close"> | undefined;
  requestNumber = 0;
  /** The room of the long task under way. */
  #begun = "";

  /** The room that it is to read. */
  get room(): string {
    return typeof this.request === "object" ? this.request.args[0] as string : this.#begun;
  }

  postMessage(message: ReaderStart | ReaderRequest): void {
    if (message === "close") return this.#reply("closed");
    if (typeof message === "object" && "paths" in message) return this.#reply("ready");
    if (this.request) throw new Error("Given two tasks at once");
    this.request = message;
    this.requestNumber = ++FakeWorker.#requests;
  }

  /** Does its task. */
  finish(outcome: TaskOutcome = { json: JSON.stringify([this.room]) }, ms = 0): void {
    this.request = undefined;
    this.#reply({ outcome, ms });
  }

  /** Pauses its long task. */
  pause(): void {
    this.#begun = this.room;
    this.finish("paused");
  }

  terminate(): void {
    this.isTerminated = true;
  }

  #reply(data: ReaderReply): void {
    queueMicrotask(() => this.onmessage?.(new MessageEvent("message", { data })));
  }
}

class TrialPool {
  readonly clock = new FakeClock();
  readonly workers: FakeWorker[] = [];
  /** The names of the rooms that were read, in order. */
  readonly done: string[] = [];
  readonly pool: ReaderPool;

  constructor(threads: number) {
    this.pool = new ReaderPool({
      threads,
      paths: { log: "", index: "" },
      start: () => {
        const worker = new FakeWorker();
        this.workers.push(worker);
        return worker;
      },
      clock: this.clock,
    });
  }

  /** The workers with a task, the one that has had it longest first. */
  get busy(): FakeWorker[] {
    return this.workers.filter(({ request, isTerminated }) => request && !isTerminated)
      .sort((a, b) => a.requestNumber - b.requestNumber);
  }

  /** The worker that is to read that room. */
  workerOf(room: string): FakeWorker {
    return this.busy.find((worker) => worker.room === room)!;
  }

  /** Runs a task for a connection. */
  ask(connection: number, room: string, rest: Partial<ConnectionContext> = {}, isLong = false) {
    const context = { connection, transport: "tcp", remote: "", ...rest };
    const asked = runInConnection(context, () => this.pool.run("room", [room], { isLong }));
    const settled = asked.then(() => "answered", (error) => {
      assert(error instanceof DomainError, `${error}`);
      return error.message;
    });
    return { asked, settled };
  }

  /** Lets the busy workers finish one task after the other, until none is left. */
  async finishAll(most = Infinity): Promise<void> {
    await settle(1);
    for (let count = 0; this.busy.length > 0 && count < most; count++) {
      const [worker] = this.busy;
      this.done.push(worker.room);
      worker.finish();
      await settle(1);
    }
  }
}

Deno.test("ReaderPool.run() answers a client after a few tasks of another one that asked for thousands", async () => {
  const trial = new TrialPool(2);
  const greedy = Array.from({ length: 1000 }, (_, index) => trial.ask(1, `greedy ${index}`));
  const modest = trial.ask(2, "modest");
  await trial.finishAll(3);
  assert(trial.done.includes("modest"), `${trial.done}`);
  assertEquals(await modest.asked as unknown, ["modest"]);
  await trial.finishAll();
  assertEquals(trial.done.length, 1001);
  assertEquals(trial.done.filter((room) => room !== "modest").at(-1), "greedy 999");
  await Promise.all(greedy.map(({ asked }) => asked));
});

Deno.test("ReaderPool.run() gives each of many askers a task in every round", async () => {
  const trial = new TrialPool(2);
  for (let round = 0; round < 15; round++) {
    for (let asker = 0; asker < 20; asker++) trial.ask(asker, `${asker}`);
  }
  await trial.finishAll();
  for (let round = 0; round < 15; round++) {
    const served = new Set(trial.done.slice(round * 20, round * 20 + 20));
    // One more task may be under way, and two may be for those that have had a turn.
    assert(served.size >= 17, `round ${round}: ${[...served]}`);
  }
});

Deno.test("ReaderPool.run() counts what a task took its thread, and not how long the reply waited for the server", async () => {
  for (const [ms, first] of [[0, "new"], [100, "old"]] as const) {
    const trial = new TrialPool(1);
    // One of long standing, and one that begins with a task whose reply is read late.
    for (let count = 0; count < 8; count++) trial.ask(1, "before");
    await trial.finishAll();
    trial.ask(2, "first");
    await settle();
    await trial.clock.advance(100);
    trial.ask(1, "old");
    trial.ask(2, "new");
    trial.busy[0].finish(undefined, ms);
    trial.done.length = 0;
    await trial.finishAll();
    assertEquals(trial.done[0], first);
  }
});

Deno.test("ReaderPool.run() does short tasks while a long one pauses", async () => {
  const trial = new TrialPool(1);
  const long = trial.ask(1, "long", {}, true);
  const other = trial.ask(2, "other", {}, true);
  await settle();
  const [worker] = trial.workers;
  assertEquals(worker.room, "long");
  for (let asker = 3; asker < 23; asker++) trial.ask(asker, `short ${asker}`);
  const order: string[] = [];
  for (let slice = 0; slice < 5; slice++) {
    worker.pause();
    await settle();
    for (; worker.request !== "continue"; await settle()) {
      order.push(worker.room);
      worker.finish();
    }
    order.push("slice");
  }
  // At most eight short ones before the long one continues.
  const places = order.flatMap((room, index) => room === "slice" ? [index] : []);
  assertEquals(places, [8, 17, 22, 23, 24]);
  worker.finish();
  assertEquals(await long.asked as unknown, ["long"]);
  await settle();
  // One long task at a time for each thread.
  assertEquals(worker.room, "other");
  worker.finish();
  assertEquals(await other.settled, "answered");
});

Deno.test("ReaderPool.run() forgets the tasks of a connection that ends", async () => {
  const trial = new TrialPool(2);
  const ending = new AbortController();
  const ended = ending.signal;
  const long = trial.ask(1, "long", { ended }, true);
  const first = trial.ask(1, "first", { ended });
  const second = trial.ask(1, "second", { ended });
  trial.ask(2, "other");
  await settle();
  const searching = trial.workerOf("long");
  ending.abort();
  for (const { settled } of [long, first, second, trial.ask(1, "third", { ended })]) {
    assertEquals(await settled, "The connection has ended.");
  }
  searching.pause();
  await settle();
  // The worker may hear of it after a short task.
  while (searching.request !== "abandon") await trial.finishAll(1);
  searching.finish("abandoned");
  await trial.finishAll();
  // A short task under way is finished, but nobody gets the result.
  assertEquals(trial.done.sort(), ["first", "other"]);
  const { asked } = trial.ask(3, "next", {}, true);
  await trial.finishAll();
  assertEquals(await asked as unknown, ["next"]);
});

Deno.test("ReaderPool.run() explains that the log cannot be read, and logs it once until a minute has gone well", async () => {
  using recorded = new RecordedLog("warning");
  const { lines } = recorded;
  const trial = new TrialPool(2);
  const fail = async () => {
    const { settled } = trial.ask(1, "x");
    await settle();
    trial.busy[0].finish({ failure: "disk I/O error" });
    assertEquals(
      await settled,
      "The log cannot be read right now; the server's own log says why. Try again in a while.",
    );
  };
  for (let round = 0; round < 3; round++) {
    await fail();
    // Parts of a damaged log can still be read.
    const { settled } = trial.ask(1, "y");
    await trial.finishAll();
    assertEquals(await settled, "answered");
    await trial.clock.advance(59_000);
  }
  assertEquals(lines.length, 1);
  assert(lines[0].includes("Cannot read the log: disk I/O error"), lines[0]);
  await trial.clock.advance(1000);
  await fail();
  assertEquals(lines.length, 2);
});

Deno.test("ReaderPool.run() ends a thread that hangs or breaks, and starts another", async () => {
  const trial = new TrialPool(2);
  const hanging = trial.ask(1, "hangs");
  const other = trial.ask(2, "breaks");
  await settle();
  const [first, second] = [trial.workerOf("hangs"), trial.workerOf("breaks")];
  await trial.clock.advance(5000);
  second.onerror?.(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
  assertEquals(await other.settled, "That took too long and was stopped. Ask for less.");
  await trial.clock.advance(5000);
  assertEquals(await hanging.settled, "That took too long and was stopped. Ask for less.");
  assert(first.isTerminated && second.isTerminated);
  const later = [trial.ask(1, "a"), trial.ask(2, "b"), trial.ask(3, "c")];
  await trial.finishAll();
  assertEquals(trial.done.sort(), ["a", "b", "c"]);
  assertEquals(await Promise.all(later.map(({ settled }) => settled)), [
    "answered",
    "answered",
    "answered",
  ]);
  assertEquals(trial.workers.length, 4);
});

Deno.test("ReaderPool.close() refuses waiting tasks and later ones", async () => {
  const trial = new TrialPool(2);
  const asked = [1, 2, 3, 4].map((asker) => trial.ask(asker, "x"));
  await settle();
  await trial.pool.close();
  for (const { settled } of [...asked, trial.ask(5, "y")]) {
    assertEquals(await settled, "The server is stopping.");
  }
  assert(trial.workers.every(({ isTerminated }) => isTerminated));
});

Deno.test("ReaderPool reads what was committed just before, and survives the loss of its file", async () => {
  const file = new SearchableLog();
  const pool = openReaderPool(file);
  try {
    await pool.ready();
    for (let number = 1; number <= 20; number++) {
      await file.append(draftOf("tea", `line ${number}`));
      assertEquals(numbersOf(await pool.run("read", ["tea", number - 1, 5])), [number]);
    }
  } finally {
    await pool.close();
    await file[Symbol.asyncDispose]();
  }
  const lost = openReaderPool(file);
  try {
    const { code } = await assertRejects(() => lost.run("room", ["tea"]), DomainError);
    assertEquals(code, "unavailable");
  } finally {
    await lost.close();
  }
});
