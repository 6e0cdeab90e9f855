import { DomainError } from "../../../domain/domain_error.ts";
import { readHistoryPart } from "../history/history_pages.ts";
import {
  BadRequest,
  type ChatHistoryRequest,
  findRanges,
  MOST_HISTORY_EVENTS,
  parseHistoryRequest,
} from "../history/history_request.ts";
import { findHistory } from "../history/history_target.ts";
import { latestTimes } from "../history/history_targets.ts";
import type { IrcClient } from "../irc_door.ts";
import { OutgoingBatch } from "../lines/outgoing_batch.ts";
import { sendFail } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

/** The past of a channel or a conversation, from the log (IRCv3 draft/chathistory). */
export const CHATHISTORY: Verb = {
  name: "CHATHISTORY",
  help: [
    "CHATHISTORY LATEST TARGET *|PLACE N - the last N messages (after PLACE)",
    "CHATHISTORY BEFORE|AFTER|AROUND TARGET PLACE N - messages before, after or around PLACE",
    "CHATHISTORY BETWEEN TARGET PLACE PLACE N - messages between two places",
    "CHATHISTORY TARGETS timestamp=TIME timestamp=TIME N - where something was said between",
    `TARGET is a channel you are in or a nickname, PLACE is msgid=ID or timestamp=TIME, N at most ${MOST_HISTORY_EVENTS}.`,
  ],
  async run(client, { params }) {
    if (params.length === 0) {
      const sentence = "Missing parameters. HELP CHATHISTORY tells what it takes.";
      return sendFail(client, "CHATHISTORY", "NEED_MORE_PARAMS", ["*"], sentence);
    }
    try {
      const request = parseHistoryRequest(params);
      if (request.subcommand === "TARGETS") await sendTargets(client, request);
      else await sendHistory(client, request);
    } catch (error) {
      if (error instanceof BadRequest) {
        return sendFail(client, "CHATHISTORY", error.code, error.context, error.message);
      }
      if (!(error instanceof DomainError)) throw error;
      const context = params.slice(0, 2).map((param) => param || "*");
      sendFail(client, "CHATHISTORY", "MESSAGE_ERROR", context, error.message);
    }
  },
};

async function sendHistory(client: IrcClient, request: ChatHistoryRequest): Promise<void> {
  const { sees } = client.person;
  const history = await findHistory(client, request.target);
  if (!history) {
    const sentence = request.target.startsWith("#")
      ? "You are not in that channel. JOIN it first."
      : "There is no history with that name. Messages are kept between people with an account.";
    throw new BadRequest("INVALID_TARGET", [request.subcommand, request.target || "*"], sentence);
  }
  const { room } = history;
  const events = [];
  for (const asked of await findRanges(sees, room, request, history.lastSeq)) {
    // Without a batch, it would look as if all that happened just now.
    const hasEvents = client.caps.has("batch") && client.caps.has("draft/event-playback");
    const turn = () => client.ready();
    events.push(...await readHistoryPart(sees, { ...asked, room, hasEvents, turn }));
  }
  const batch = new OutgoingBatch(client, "chathistory", request.target);
  for (const event of events) {
    // Without a batch, it would look as if it was said now, in a channel of another name by now.
    if (!client.caps.has("batch") && history.hasMoved()) return;
    if (!await batch.add(history.messagesOf(event))) return;
  }
  batch.end();
}

async function sendTargets(client: IrcClient, request: ChatHistoryRequest): Promise<void> {
  const [one, other] = request.selectors.map((place) => place.type === "time" ? place.at : 0);
  const times = await latestTimes(client);
  const from = Math.min(one, other);
  const to = Math.max(one, other);
  const between = times.filter(({ at }) => at > from && at < to);
  const { limit } = request;
  const chosen = one <= other ? between.slice(0, limit) : between.slice(-limit);
  const source = client.irc.settings.serverName;
  const batch = new OutgoingBatch(client, "draft/chathistory-targets");
  for (const { target, at } of chosen) {
    const params = ["TARGETS", target, new Date(at).toISOString()];
    if (!await batch.add([{ source, verb: "CHATHISTORY", params }])) return;
  }
  batch.end();
}
