/**
 * Whether a test runs on Deno 2.7. There `node:net` cannot reset a connection, `node:tls` over a
 * socket does not report why it was refused, a pending write outlives its connection until the peer
 * reads or goes away, the collector of garbage cannot be called, and a cipher that is not used to
 * its end counts as a leak.
 *
 * @module
 */

export const IS_DENO_2_7 = Deno.version.deno.startsWith("2.7.");
