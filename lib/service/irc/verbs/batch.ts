import type { IrcClient } from "../irc_door.ts";
import { failBlock, openBlock, refuseBlock } from "../speech/collect_block.ts";
import { invalid } from "../speech/incoming_block.ts";
import { payForBlock, speakTo } from "../speech/speak.ts";
import type { Verb } from "../verb.ts";

/** A text of several lines (IRCv3 draft/multiline). */
export const BATCH: Verb = {
  name: "BATCH",
  minParams: 1,
  isSpeech: true,
  help: [
    "BATCH +NAME draft/multiline TARGET - begins a message of several lines",
    "@batch=NAME PRIVMSG TARGET :TEXT - is one of its lines",
    "BATCH -NAME - sends it; CAP LS 302 tells how many lines and bytes it may have",
  ],
  async run(client, message) {
    const [name] = message.params;
    if (name.startsWith("-")) await closeBlock(client, name.slice(1));
    else await openBlock(client, message);
  },
};

/** Says the text of a batch that has ended. */
async function closeBlock(client: IrcClient, name: string): Promise<void> {
  const { block } = client;
  if (!block || block.name !== name) {
    return failBlock(client, invalid("There is no batch of that name open."));
  }
  client.block = undefined;
  if (block.isRefused) return;
  const { message, target, lines } = block;
  if (!message) {
    return await refuseBlock(client, block, invalid("There is no text in that batch."));
  }
  client.person.speech.noteSpoken();
  const say: Verb = {
    name: message.verb,
    isSpeech: true,
    async run() {
      await payForBlock(client, message.params[1], lines);
      await speakTo(client, message, target, message.params[1]);
    },
  };
  await client.run(say, message);
}
