import { assertEquals } from "@std/assert";
import { StoreThread } from "../../lib/store/sqlite/store_thread.ts";
import type { ThreadEnd } from "../../lib/store/sqlite/thread_ends.ts";

/** A thread that does nothing by itself. */
class FakeThread implements ThreadEnd<string, number | "ready" | "closed"> {
  onmessage: ((event: MessageEvent<number | "ready" | "closed">) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly requests: string[] = [];
  isTerminated = false;

  postMessage(request: string): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(data: number | "ready" | "closed"): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
}

function setUp() {
  const end = new FakeThread();
  const told: (number | "end")[] = [];
  const thread = new StoreThread<string, number>({
    thread: end,
    duty: "does something",
    onAnswer: (answer) => void told.push(answer),
    onEnd: () => void told.push("end"),
  });
  return { end, told, thread };
}

Deno.test("StoreThread is ready once its thread has answered", async () => {
  const { end, told, thread } = setUp();
  thread.send("open");
  end.answer("ready");
  await thread.ready;
  end.answer(1);
  assertEquals([end.requests, told], [["open"], [1]]);
});

Deno.test("StoreThread.close() ends the thread once it has closed its files", async () => {
  const { end, told, thread } = setUp();
  const closed = thread.close();
  assertEquals([thread.isClosing, end.requests, end.isTerminated], [true, ["close"], false]);
  end.answer("closed");
  await closed;
  assertEquals([told, end.isTerminated], [["end"], true]);
});
