import { NICKNAME_RULES, parseName, parseRoomName } from "../../../domain/name.ts";
import { log } from "../../../log.ts";
import { parseServerTime } from "../history/history_selector.ts";
import { fromChannel, fromIrcNick } from "../irc_names.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

/** How far a channel or a conversation has been read (IRCv3 draft/read-marker). */
export const MARKREAD: Verb = {
  name: "MARKREAD",
  help: [
    "MARKREAD TARGET - tells when the last message was sent that you have read",
    "MARKREAD TARGET timestamp=TIME - tells that you have read all until then",
    "TARGET is a channel or a nickname. With an account, all your clients know.",
  ],
  async run(client, { params: [target = "", time] }) {
    if (target === "") {
      const sentence = "Missing parameters. Use MARKREAD TARGET [timestamp=TIME].";
      return sendFail(client, "MARKREAD", "NEED_MORE_PARAMS", [], sentence);
    }
    const at = time === undefined ? undefined : parseServerTime(time.replace(/^timestamp=/, ""));
    if (!isTarget(target) || (time !== undefined && at === undefined)) {
      const context = [isTarget(target) ? time || "*" : target];
      const sentence = "Use a channel or a nickname, and timestamp=YYYY-MM-DDThh:mm:ss.sssZ.";
      return sendFail(client, "MARKREAD", "INVALID_PARAMS", context, sentence);
    }
    try {
      // Nobody has read the future.
      if (at !== undefined) {
        await client.readTimes.set(target, Math.min(at, client.irc.clock.now()));
      }
      await client.readTimes.lookUp(target);
      client.send(client.readTimes.messageFor(target));
    } catch (error) {
      log("irc").warning("Cannot save how far rooms have been read: {error}", { error });
      const sentence = "That could not be stored. It is kept until you disconnect.";
      sendFail(client, "MARKREAD", "INTERNAL_ERROR", [target], sentence);
    }
  },
};

function isTarget(target: string): boolean {
  const channel = fromChannel(target);
  try {
    if (channel === undefined) parseName(fromIrcNick(target), NICKNAME_RULES);
    else parseRoomName(channel);
    return true;
  } catch {
    return false;
  }
}
