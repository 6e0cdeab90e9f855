import { assertEquals, assertRejects } from "@std/assert";
import { getEventListeners } from "node:events";
import { JobQueue } from "../../../lib/domain/tutorial/job_queue.ts";
import { nextTurn } from "../../support/fake_clock.ts";
import { until } from "../../support/patience.ts";
import { SeededRandom } from "../../support/random.ts";

const forever = new AbortController().signal;

/** A job that ends when it is told to, or when it is cancelled. */
class Task {
  readonly #gate = Promise.withResolvers<string>();
  isRunning = false;
  isCancelled = false;

  readonly job = async (signal: AbortSignal): Promise<string> => {
    this.isRunning = true;
    signal.addEventListener("abort", () => {
      this.isCancelled = true;
      this.#gate.reject(signal.reason);
    });
    return await this.#gate.promise;
  };

  end(result: string): void {
    this.#gate.resolve(result);
  }
}

Deno.test("JobQueue.add() returns the job's number and how many are ahead of it", () => {
  const queue = new JobQueue();
  const tickets = [1, 2, 3].map(() => queue.add(new Task().job, forever));
  assertEquals(tickets.map(({ number, ahead }) => [number, ahead]), [[1, 0], [2, 1], [3, 2]]);
});

Deno.test("JobQueue.add() counts no job ahead once all are done", async () => {
  const queue = new JobQueue();
  await queue.add(() => "a", forever).done;
  await nextTurn();
  const { number, ahead, done } = queue.add(() => "b", forever);
  assertEquals([number, ahead, await done], [2, 0, "b"]);
});

Deno.test("JobQueue runs one job at a time, in order", async () => {
  const queue = new JobQueue();
  const tasks = [new Task(), new Task(), new Task()];
  const tickets = tasks.map(({ job }) => queue.add(job, forever));
  const running = () => tasks.map(({ isRunning }) => isRunning);
  tasks[2].end("c"); // its turn has not come yet
  await nextTurn();
  assertEquals(running(), [true, false, false]);

  tasks[0].end("a");
  assertEquals(await tickets[0].done, "a");
  await nextTurn();
  assertEquals(running(), [true, true, false]);

  tasks[1].end("b");
  assertEquals(await Promise.all(tickets.map(({ done }) => done)), ["a", "b", "c"]);
});

Deno.test("JobQueue continues after a job that fails, at once or later", async () => {
  const queue = new JobQueue();
  const atOnce = queue.add(() => {
    throw new Error("at once");
  }, forever);
  const later = queue.add(async () => {
    await nextTurn();
    throw new Error("later");
  }, forever);
  const last = queue.add(() => "fine", forever);
  await assertRejects(() => atOnce.done, Error, "at once");
  await assertRejects(() => later.done, Error, "later");
  assertEquals(await last.done, "fine");
});

Deno.test("JobQueue never starts a cancelled job, and stops counting it", async () => {
  const queue = new JobQueue();
  const first = new Task();
  queue.add(first.job, forever);
  const leaving = new AbortController();
  const cancelled = [new Task(), new Task()];
  const tickets = cancelled.map(({ job }) => queue.add(job, leaving.signal));
  const last = queue.add(() => "last", forever);
  leaving.abort(new Error("gone"));
  for (const { done } of tickets) await assertRejects(() => done, Error, "gone");
  assertEquals(queue.add(() => "one more", forever).ahead, 2);

  first.end("first");
  assertEquals(await last.done, "last");
  assertEquals(cancelled.map(({ isRunning }) => isRunning), [false, false]);
});

Deno.test("JobQueue tells a running job that it is cancelled, and waits for it to end", async () => {
  const queue = new JobQueue();
  const leaving = new AbortController();
  const gate = Promise.withResolvers<void>();
  const stubborn = queue.add(() => gate.promise, leaving.signal);
  const next = new Task();
  queue.add(next.job, forever);
  leaving.abort(new Error("gone"));
  await assertRejects(() => stubborn.done, Error, "gone");
  await nextTurn();
  assertEquals(next.isRunning, false);
  gate.resolve();
  await nextTurn();
  assertEquals(next.isRunning, true);

  const leaver = new AbortController();
  const told = new Task();
  queue.add(told.job, leaver.signal);
  next.end("");
  await nextTurn();
  leaver.abort();
  assertEquals([told.isRunning, told.isCancelled], [true, true]);
});

Deno.test("JobQueue.add() cancels at once if the signal is aborted already", async () => {
  const queue = new JobQueue();
  const task = new Task();
  const ticket = queue.add(task.job, AbortSignal.abort(new Error("gone")));
  await assertRejects(() => ticket.done, Error, "gone");
  assertEquals([task.isRunning, queue.add(() => 1, forever).ahead], [false, 0]);
});

Deno.test("JobQueue leaves no listener on a signal that outlives the job", async () => {
  const queue = new JobQueue();
  const { signal } = new AbortController();
  for (let round = 0; round < 10; round++) await queue.add(() => round, signal).done;
  await nextTurn();
  assertEquals(getEventListeners(signal, "abort"), []);
});

Deno.test("JobQueue runs each job once and in order while others are cancelled", async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = new SeededRandom(seed);
    const queue = new JobQueue();
    const clients = Array.from({ length: 4 }, () => new AbortController());
    const begun: number[] = [];
    let running = 0;
    let mostRunning = 0;
    const tickets = Array.from({ length: 60 }, (_, index) => {
      const client = random.pick(clients);
      const turns = random.int(3);
      const leaves = random.int(20) === 0;
      const { number, done } = queue.add(async () => {
        begun.push(index + 1);
        mostRunning = Math.max(mostRunning, ++running);
        for (let turn = 0; turn < turns; turn++) await nextTurn();
        if (leaves) random.pick(clients.slice(1)).abort();
        running--;
        return index;
      }, client.signal);
      assertEquals(number, index + 1);
      return { client, done };
    });
    const outcomes = await Promise.allSettled(tickets.map(({ done }) => done));
    await until("no job runs", () => running === 0);
    assertEquals([mostRunning, new Set(begun).size], [1, begun.length], `seed ${seed}`);
    assertEquals(begun, begun.toSorted((a, b) => a - b), `seed ${seed}`);
    for (const [index, { client }] of tickets.entries()) {
      const isDone = outcomes[index].status === "fulfilled";
      if (!client.signal.aborted) assertEquals(isDone, true, `seed ${seed} job ${index}`);
      if (isDone) assertEquals(begun.includes(index + 1), true);
    }
  }
});
