/**
 * Does a reader's tasks in a thread of its own, one after the other.
 *
 * @module
 */

import type { EventForms } from "../../../domain/history_reader.ts";
import type { IndexPaths } from "../search/index_keeper.ts";
import { ReaderTasks } from "./reader_tasks.ts";

/** The first thing that the thread is sent. */
export interface ReaderStart {
  readonly paths: IndexPaths;
  /** One number, not 0 if nobody waits any more for the task under way. */
  readonly cancelled: Int32Array<SharedArrayBuffer>;
}

/** The names of the tasks. */
export type TaskName = Exclude<keyof ReaderTasks, symbol>;
export type TaskArguments<Name extends TaskName> = Parameters<ReaderTasks[Name]>;
export type TaskResult<Name extends TaskName> = ReturnType<ReaderTasks[Name]>;

/** What it is sent then. */
export type ReaderRequest =
  | { readonly task: TaskName; readonly args: readonly unknown[] }
  | "close";

/** What it says: once it has started or closed that it has, and the results of tasks. */
export type ReaderReply =
  | ThreadState
  | TaskReply;

export type ThreadState = "ready" | "closed";
export type TaskReply =
  /**
   * JSON, which costs the thread that gets it a fifth of what a structured clone of events does;
   * `""` for `undefined`. Bytes come beside it, and stand in the result as `bytes`.
   */
  | { readonly json: string; readonly bytes?: Uint8Array<ArrayBuffer> }
  | { readonly failure: string };

/** The side of a `Worker` that its own code sees. */
export interface ReaderScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: ReaderReply, transfer: Transferable[]): void;
}

/**
 * Serves the pool that started this thread.
 *
 * @param forms What events can be encoded as.
 */
export function serveReader(scope: ReaderScope, forms: EventForms): void {
  let start: ReaderStart;
  let tasks: ReaderTasks | undefined;

  const open = () =>
    tasks ??= new ReaderTasks(start.paths, forms, () => Atomics.load(start.cancelled, 0) !== 0);

  const close = () => {
    tasks?.[Symbol.dispose]();
    tasks = undefined;
  };

  /** What is thrown in a thread would end the whole program. */
  const answer = (request: Exclude<ReaderRequest, string>): ReaderReply => {
    try {
      const tasks = open();
      const task = tasks[request.task] as (...args: unknown[]) => unknown;
      return toReply(task.call(tasks, ...request.args));
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
      // Whoever asks for something will hear of it.
    }
    return "ready";
  };

  scope.onmessage = ({ data }: MessageEvent<ReaderStart | ReaderRequest>) => {
    if (data === "close") {
      close();
      return scope.postMessage("closed", []);
    }
    const reply = "paths" in data ? begin(data) : answer(data);
    const hasBytes = typeof reply === "object" && "bytes" in reply && reply.bytes;
    scope.postMessage(reply, hasBytes ? [hasBytes.buffer] : []);
  };
}

function toReply(result: unknown): ReaderReply {
  if (typeof result === "object" && result !== null && "bytes" in result) {
    const { bytes, ...rest } = result;
    return { json: JSON.stringify(rest), bytes: bytes as Uint8Array<ArrayBuffer> };
  }
  return { json: JSON.stringify(result) ?? "" };
}
