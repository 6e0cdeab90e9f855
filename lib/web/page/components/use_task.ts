/**
 * The state of a request that a form or button has begun.
 *
 * @module
 */

import { useRef, useState } from "preact/hooks";

type Request = () => Promise<unknown>;

export interface Task {
  readonly isBusy: boolean;
  /** Why the last one failed, in a sentence. A new object each time. */
  readonly failure?: { readonly text: string };
  /** Runs a request unless one is running; resolves to whether it succeeded. */
  run(request: Request): Promise<boolean>;
  /** Runs a request, after those that are running; resolves to whether it succeeded. */
  runNext(request: Request): Promise<boolean>;
}

export function useTask(): Task {
  const [state, setState] = useState<Omit<Task, "run" | "runNext">>({ isBusy: false });
  const running = useRef(0);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const start = async (request: Request) => {
    setState({ isBusy: true });
    let failure: Task["failure"];
    try {
      await request();
    } catch (error) {
      failure = { text: (error as Error).message };
    }
    setState({ isBusy: --running.current > 0, failure });
    return failure === undefined;
  };
  const runNext = (request: Request) => {
    running.current++;
    const done = last.current.then(() => start(request));
    last.current = done;
    return done;
  };
  const run = async (request: Request) => running.current === 0 && await runNext(request);
  return { ...state, run, runNext };
}
