/**
 * Opens and fills the texts of several lines that a client sends as batches.
 *
 * @module
 */

import type { IrcMessage } from "../../../codec/irc_message.ts";
import type { IrcClient } from "../irc_door.ts";
import { sendFail } from "../standard_replies.ts";
import { type BlockRefusal, IncomingBlock, invalid } from "./incoming_block.ts";

/** Whether a message is a line of a batch, and not one that is said by itself. */
export function isInBlock({ caps }: IrcClient, { tags }: IrcMessage): boolean {
  return tags.size > 0 && tags.has("batch") && caps.has("draft/multiline");
}

/** Begins a batch. */
export async function openBlock(client: IrcClient, message: IrcMessage): Promise<void> {
  const [name, type = "", target = ""] = message.params;
  if (!/^\+[\w-]+$/.test(name)) {
    return failBlock(client, invalid("BATCH takes + or - and a name of letters and digits."));
  }
  const block = new IncomingBlock(message, client.irc.chat.blocks);
  const open = client.block;
  client.block = block;
  // Its label is that of the answer to the end of the batch.
  client.answer?.forgo();
  if (open && !open.isRefused) {
    await refuseBlock(
      client,
      open,
      invalid("A batch is still open. Send BATCH - and its name first."),
    );
    block.isRefused = true;
  } else if (type !== "draft/multiline" || !client.caps.has("draft/multiline")) {
    const sentence = "Clients may send batches of the type draft/multiline only, with CAP REQ.";
    await refuseBlock(client, block, invalid(sentence));
  } else if (target === "" || target.includes(",")) {
    await refuseBlock(client, block, invalid("A batch has one target: BATCH +NAME TYPE TARGET."));
  }
}

/** Takes a line of a batch. */
export async function fillBlock(client: IrcClient, message: IrcMessage): Promise<void> {
  const { block } = client;
  if (!block) return failBlock(client, invalid("There is no batch open. Send BATCH +NAME first."));
  if (block.isRefused) return;
  const refusal = block.take(message);
  if (refusal) await refuseBlock(client, block, refusal);
}

/** Refuses a batch, in answer to the line that opened it. */
export async function refuseBlock(
  client: IrcClient,
  block: IncomingBlock,
  refusal: BlockRefusal,
): Promise<void> {
  block.isRefused = true;
  await client.run({ name: "BATCH", run: () => failBlock(client, refusal) }, block.opening);
}

/** Answers a line that belongs to no batch. */
export function failBlock(client: IrcClient, { code, context, sentence }: BlockRefusal): void {
  sendFail(client, "BATCH", code, context, sentence);
}
