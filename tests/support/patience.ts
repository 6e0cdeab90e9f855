/**
 * Waiting that has a limit: what does not come fails its test, with words that say what was missing.
 *
 * @module
 */

/** How long tests wait for what should come at once; a busy machine is slow. */
export const PATIENCE_MS = 15_000;

/**
 * Waits until something is true, looking again every millisecond.
 *
 * @param what Completes "Waited in vain until".
 * @throws {Error} after {@linkcode PATIENCE_MS}
 */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/**
 * Resolves or rejects as `work` does.
 *
 * @param what Completes "Waited in vain for".
 * @throws {Error} after {@linkcode PATIENCE_MS}
 */
export async function within<Result>(
  what: string,
  work: Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
