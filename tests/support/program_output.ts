/** What programs print. */

import { TextLineStream } from "@std/streams/text-line-stream";

/** Splits a program's output into lines. */
export function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncIterator<string> {
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream()).values();
}

/** The port at the end of a `listening` line. */
export function portIn(line = ""): number {
  return Number(/(\d+)$/.exec(line)![1]);
}
