/**
 * The framings that an endpoint can have, and the framer for each.
 *
 * @module
 */

import type { Charset } from "../../codec/charset.ts";
import { NulEnds } from "../../codec/nul_ends.ts";
import { AutoFramer } from "./auto_framer.ts";
import type { Framer } from "./framer.ts";
import { LineFramer, type LineSplitter } from "./line_framer.ts";
import { OctetFramer } from "./octet_framer.ts";

/**
 * What delimits a peer's lines: a newline after each, a length in front of each (RFC 6587 section
 * 3.4), or whichever of the two its first bytes show. In that last case a syslog message may also
 * end with a NUL.
 */
export type Framing = "line" | "octet" | "auto";

/** Its functions are called as methods, so it may be an instance of a class. */
export interface FramingOptions {
  /** Longest line in bytes, without its end. */
  readonly maxLineBytes: number;
  /** The encoding of lines that are not UTF-8. @default {UTF-8} */
  readonly charset?: Charset;
  /** Shared by all connections. */
  readonly splitter: LineSplitter;
  /** Sees every chunk first; what it returns is framed. */
  inspect(chunk: Uint8Array): Uint8Array;
  /** Takes telnet out of what {@linkcode FramingOptions.inspect} returned; not from octets. */
  filter(chunk: Uint8Array): Uint8Array;
  /** Called when there are no more bytes, before the last lines are returned. */
  onEnd(): void;
}

/** Creates the framer of one connection. */
export function createFramer(
  framing: Framing,
  bytes: AsyncIterable<Uint8Array>,
  options: FramingOptions,
): Framer {
  const { maxLineBytes, charset, splitter } = options;
  const inspect = (chunk: Uint8Array) => options.inspect(chunk);
  switch (framing) {
    case "line":
      return new LineFramer(bytes, options);
    case "octet":
      return new OctetFramer(bytes, { filter: inspect, maxLineBytes, charset });
    case "auto":
      return new AutoFramer(bytes, (bytes, isOctetCounted) => {
        if (isOctetCounted) return createFramer("octet", bytes, options);
        const ends = new NulEnds();
        const filter = (chunk: Uint8Array) => ends.apply(options.filter(chunk));
        const onEnd = () => options.onEnd();
        return new LineFramer(bytes, { inspect, filter, onEnd, maxLineBytes, charset, splitter });
      });
  }
}
