/**
 * Requests to servers that may be electing a leader. Until they have one, nobody answers; waiting
 * for the time limit of each request would then add seconds to every election.
 *
 * @module
 */

/** Milliseconds after which a request without an answer is sent again. */
const AGAIN_MS = 250;

/**
 * Sends a request every 250 ms until any of them is answered or fails.
 *
 * @param ask Sends the request, which must be safe to repeat. Rejects after its time limit.
 * @returns The first answer.
 * @throws The first error of `ask`.
 */
export async function askRepeatedly<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const send = () => void ask().then(resolve, reject);
  const timer = setInterval(send, AGAIN_MS);
  try {
    send();
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
