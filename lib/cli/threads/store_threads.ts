/**
 * The threads of the store. Each takes descriptors, busy or not: six for its event loop, and up to
 * five for the files that it opens. If the system allows few, one thread does everything.
 *
 * @module
 */

import { countFreeDescriptors } from "../../server/accepting/descriptor_reserve.ts";
import type {
  ReaderReply,
  ReaderRequest,
  ReaderStart,
} from "../../store/sqlite/reading/serve_reader.ts";
import type { IndexReport, IndexRequest } from "../../store/sqlite/search/serve_index.ts";
import type { CheckpointAnswer, CheckpointRequest } from "../../store/sqlite/serve_checkpoints.ts";
import type { ThreadEnd } from "../../store/sqlite/thread_ends.ts";
import type { StartPart } from "./shared_worker.ts";

/** With fewer spare descriptors, none would be left for a connection. */
const LEAST_DESCRIPTORS = 24;
/** With fewer spare descriptors, all parts share one thread. */
const FEW_DESCRIPTORS = 80;
/** Spare descriptors required for a second thread that reads; each takes 10, and 10 MB. */
const ROOMY_DESCRIPTORS = 128;
/** Most threads that read the log, if there are processors and descriptors for them. */
const MOST_READERS = 3;

/** How to start the parts of the store. */
export interface StoreThreads {
  /** How many threads read the log. */
  readonly readers: number;
  startReader(): ThreadEnd<ReaderStart | ReaderRequest, ReaderReply>;
  /** Absent if the part starts a thread of its own, as for checkpoints. */
  readonly startIndex?: () => ThreadEnd<IndexRequest, IndexReport>;
  readonly startCheckpoints?: () => ThreadEnd<CheckpointRequest, CheckpointAnswer>;
}

/**
 * @param openSpare Opens anything that takes one descriptor.
 * @throws {Error} if there are too few descriptors even for one thread.
 */
export async function startStoreThreads(openSpare: () => Disposable): Promise<StoreThreads> {
  const free = countFreeDescriptors(openSpare, ROOMY_DESCRIPTORS);
  if (free < LEAST_DESCRIPTORS) {
    throw new Error(
      "Cannot start: the system lets this process open too few files. Raise the limit with " +
        "ulimit -n 20000, or LimitNOFILE=20000 in a systemd unit.",
    );
  }
  if (free < FEW_DESCRIPTORS) {
    const thread = new SharedThread();
    await thread.ready;
    return {
      readers: 1,
      startReader: () => thread.start("reader"),
      startIndex: () => thread.start("index"),
      startCheckpoints: () => thread.start("checkpoints"),
    };
  }
  // One of the processors is for the thread that serves people.
  const most = free < ROOMY_DESCRIPTORS ? 1 : navigator.hardwareConcurrency - 1;
  return {
    readers: Math.max(1, Math.min(most, MOST_READERS)),
    startReader: () => new Worker(new URL("./reader_worker.ts", import.meta.url), MODULE),
  };
}

const MODULE = { type: "module" } as const;

/** A thread with several parts. If it ends, the next part starts another. */
class SharedThread {
  #worker = this.#startWorker();
  #ready = Promise.withResolvers<void>();
  #parts = new Set<PartEnd>();

  /** Resolves once the thread has loaded its code; rejects if it cannot. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  start<Request, Answer>(part: StartPart["part"]): ThreadEnd<Request, Answer> {
    const { port1, port2 } = new MessageChannel();
    const end = new PartEnd(port1, () => this.#parts.delete(end));
    this.#parts.add(end);
    this.#worker.postMessage({ part, port: port2 } satisfies StartPart, [port2]);
    return end;
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL("./shared_worker.ts", import.meta.url), MODULE);
    worker.onmessage = () => this.#ready.resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      this.#ready.reject(new Error(`Cannot start a thread: ${event.message}`));
      this.#worker = this.#startWorker();
      const parts = [...this.#parts];
      this.#parts.clear();
      for (const part of parts) part.onerror?.(event);
    };
    return worker;
  }
}

/** The server's end of a part of a shared thread. */
class PartEnd implements ThreadEnd<unknown, never> {
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly #port: MessagePort;
  readonly #onEnd: () => void;

  constructor(port: MessagePort, onEnd: () => void) {
    this.#port = port;
    this.#onEnd = onEnd;
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    this.#port.onmessage = listener;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  /** Unlike a thread of its own, a part finishes its work and then closes its files. */
  terminate(): void {
    this.#port.postMessage("close");
    this.#port.close();
    this.#onEnd();
  }
}
