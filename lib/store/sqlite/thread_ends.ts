/**
 * The two ends of a thread of the store. A thread is a `Worker` of its own, or one end of a
 * `MessageChannel` in a worker that several share.
 *
 * @module
 */

/** The server's end. */
export interface ThreadEnd<Request, Answer> {
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: Request): void;
  terminate(): void;
}

/** The end of the code in the thread. */
export interface ThreadScope<Request, Answer> {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Answer, transfer: Transferable[]): void;
}
