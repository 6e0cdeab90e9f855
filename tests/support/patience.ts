/**
 * Waiting with a time limit, so that a missing event fails its test with a message that names it.
 *
 * @module
 */

/**
 * Time limit for events that should happen at once. It only ends a test that hangs: on a machine
 * with a load of 30, a page took 14 s to load.
 */
export const PATIENCE_MS = 60_000;
/** Time limit, in milliseconds, for what may have to wait until a cluster works again. */
export const LONG_MS = 2 * PATIENCE_MS;

/**
 * Waits until a condition is true, polling every millisecond.
 *
 * @param what Completes "Timed out waiting until".
 * @throws {Error} after `patienceMs`
 */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!await isTrue()) {
    if (performance.now() > deadline) throw new Error(`Timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/**
 * Resolves or rejects like `work`.
 *
 * @param what Completes "Timed out waiting for".
 * @throws {Error} after {@linkcode PATIENCE_MS}
 */
export async function within<Result>(
  what: string,
  work: Promise<Result>,
  patienceMs = PATIENCE_MS,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Timed out waiting for ${what}`)), patienceMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
