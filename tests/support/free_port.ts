/** Ports for servers that must come back on the one they had, or cannot be told to choose. */

/** Below the ports that systems give to listeners and outgoing connections. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port that nothing uses. The system gives it to nobody, so it stays free between two servers. */
export function freePort(): number {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
