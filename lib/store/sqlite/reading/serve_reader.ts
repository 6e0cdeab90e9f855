/**
 * Does a reader's tasks in a thread of its own, one after the other.
 *
 * @module
 */

import type { EventForms } from "../../../domain/history/room_history.ts";
import type { ThreadScope } from "../thread_ends.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import { ReaderTasks } from "./reader_tasks.ts";

/** The first thing that the thread is sent. */
export interface ReaderStart {
  readonly paths: IndexPaths;
}

/** The names of the tasks. */
export type TaskName = Exclude<keyof ReaderTasks, symbol>;
export type TaskArguments<Name extends TaskName> = Parameters<ReaderTasks[Name]>;
type Returned<Name extends TaskName> = ReturnType<ReaderTasks[Name]>;
export type TaskResult<Name extends TaskName> = Returned<Name> extends Generator<void, infer Result>
  ? Result
  : Returned<Name>;

/** The requests that follow. */
export type ReaderRequest =
  | { readonly task: TaskName; readonly args: readonly unknown[] }
  /** To go on with the task that answered `paused`; there is at most one. Others may come between. */
  | "continue"
  /** To forget that task. */
  | "abandon"
  | "close";

/** What the thread sends: that it has started or closed, and what became of tasks. */
export type ReaderReply = ThreadState | TaskReply;

export type ThreadState = "ready" | "closed";

export interface TaskReply {
  readonly outcome: TaskOutcome;
  /** Milliseconds that it took the thread, which may have waited long for the server to listen. */
  readonly ms: number;
}

export type TaskOutcome =
  | TaskResultReply
  | { readonly failure: string }
  | "paused"
  | "abandoned";

/** The result of a task. */
export interface TaskResultReply {
  /**
   * JSON, which costs the thread that gets it a fifth of what a structured clone of events does;
   * `""` for `undefined`.
   */
  readonly json: string;
  /** Stands in the result under this name. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

export type ReaderScope = ThreadScope<ReaderStart | ReaderRequest, ReaderReply>;

/**
 * Serves the pool that started this thread.
 *
 * @param forms What events can be encoded as.
 */
export function serveReader(scope: ReaderScope, forms: EventForms): void {
  let start: ReaderStart;
  let tasks: ReaderTasks | undefined;

  let paused: Generator<void, unknown> | undefined;

  const open = () => tasks ??= new ReaderTasks(start.paths, forms);

  const close = () => {
    paused?.return(undefined);
    paused = undefined;
    tasks?.[Symbol.dispose]();
    tasks = undefined;
  };

  const step = (task: Generator<void, unknown>): TaskOutcome => {
    const { done, value } = task.next();
    paused = done ? undefined : task;
    return done ? toReply(value) : "paused";
  };

  const perform = (request: Exclude<ReaderRequest, "close">): TaskOutcome => {
    if (request === "abandon") {
      paused?.return(undefined);
      paused = undefined;
      return "abandoned";
    }
    if (request === "continue") {
      if (paused) return step(paused);
      throw new Error("the paused task was lost");
    }
    const tasks = open();
    const task = tasks[request.task] as (...args: unknown[]) => unknown;
    const result = task.call(tasks, ...request.args);
    return isGenerator(result) ? step(result) : toReply(result);
  };

  /** What is thrown in a thread would end the whole program. */
  const answer = (request: Exclude<ReaderRequest, "close">): TaskOutcome => {
    try {
      return perform(request);
    } catch (error) {
      // The file may be another one when it is asked again.
      close();
      return { failure: (error as Error).message };
    }
  };

  const begin = (data: ReaderStart): ReaderReply => {
    start = data;
    try {
      open();
    } catch {
      // The next request will report it.
    }
    return "ready";
  };

  scope.onmessage = ({ data }: MessageEvent<ReaderStart | ReaderRequest>) => {
    if (data === "close") {
      close();
      return scope.postMessage("closed", []);
    }
    if (typeof data === "object" && "paths" in data) return scope.postMessage(begin(data), []);
    const startedAt = performance.now();
    const outcome = answer(data);
    const ms = performance.now() - startedAt;
    const bytes = typeof outcome === "object" && "bytes" in outcome && outcome.bytes;
    scope.postMessage({ outcome, ms }, bytes ? [bytes.buffer] : []);
  };
}

function isGenerator(result: unknown): result is Generator<void, unknown> {
  return typeof result === "object" && result !== null && Symbol.iterator in result &&
    "next" in result;
}

function toReply(result: unknown): TaskResultReply {
  if (typeof result === "object" && result !== null && "bytes" in result) {
    const { bytes, ...rest } = result;
    return { json: JSON.stringify(rest), bytes: bytes as Uint8Array<ArrayBuffer> };
  }
  return { json: JSON.stringify(result) ?? "" };
}
