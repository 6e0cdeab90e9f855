/**
 * The state of a request that a form or button has begun.
 *
 * @module
 */

import { useState } from "preact/hooks";

export interface Task {
  readonly isBusy: boolean;
  /** Why the last one failed, in a sentence. A new object each time. */
  readonly failure?: { readonly text: string };
  /** Runs a request unless one is running; resolves to whether it succeeded. */
  run(request: () => Promise<unknown>): Promise<boolean>;
}

export function useTask(): Task {
  const [state, setState] = useState<Omit<Task, "run">>({ isBusy: false });
  const run = async (request: () => Promise<unknown>) => {
    if (state.isBusy) return false;
    setState({ isBusy: true });
    try {
      await request();
    } catch (error) {
      setState({ isBusy: false, failure: { text: (error as Error).message } });
      return false;
    }
    setState({ isBusy: false });
    return true;
  };
  return { ...state, run };
}
