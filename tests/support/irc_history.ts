/** What IRC clients are sent of the past, without the batches around it. */

import { assertEquals } from "@std/assert";
import { parseIrcMessage } from "../../lib/codec/irc_message.ts";
import type { IrcClient } from "./irc_client.ts";

/** All that an IRC client can do with the past. */
export const HISTORY_CAPS = [
  "batch",
  "message-tags",
  "server-time",
  "echo-message",
  "labeled-response",
  "draft/chathistory",
] as const;

/** Asks for history; returns the lines of the batch that is the answer, without tags. */
export async function askForHistory(client: IrcClient, line: string): Promise<string[]> {
  const [, , target] = line.split(" ");
  const lines = await askForTaggedHistory(client, line, target);
  return lines.map((line) => line.replace(/^@\S+ :\S+ /, ""));
}

/** As {@linkcode askForHistory}, with all tags but that of the batch. */
export async function askForTaggedHistory(
  client: IrcClient,
  line: string,
  target: string,
): Promise<string[]> {
  await client.sync();
  client.send(line);
  return linesInBatch(await client.sync(), "chathistory", target);
}

/** The lines in a batch, which must be all lines. */
export function linesInBatch(lines: readonly string[], ...params: string[]): string[] {
  const [begin, end] = [lines[0], lines.at(-1) ?? ""].map((line) => parseIrcMessage(line ?? "")!);
  const name = begin.params[0]?.slice(1);
  assertEquals([begin.verb, ...begin.params], ["BATCH", `+${name}`, ...params], lines.join("\n"));
  assertEquals([end.verb, ...end.params], ["BATCH", `-${name}`]);
  return lines.slice(1, -1).map((line) => {
    const tag = `@batch=${name}`;
    assertEquals(line.startsWith(tag), true, line);
    return line[tag.length] === ";" ? `@${line.slice(tag.length + 1)}` : line.slice(tag.length + 1);
  });
}
