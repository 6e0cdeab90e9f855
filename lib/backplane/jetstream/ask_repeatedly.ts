/**
 * Requests to servers that may be electing a leader. Nobody answers meanwhile, and a request that
 * waited for its time limit would delay the first one that is answered by seconds.
 *
 * @module
 */

/** Milliseconds after which a request without an answer is sent again. */
const AGAIN_MS = 250;

/**
 * Sends a request, and again until the first answer or error; an earlier one still counts.
 *
 * @param ask Sends it; doing so twice does no harm. Rejects after its time limit.
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
