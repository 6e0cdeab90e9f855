import { keepSecret } from "../../chat/speech/said_text.ts";
import { actTeller, sendAct } from "../lines/act_tags.ts";
import { shownOnIrc } from "../lines/shown_on_irc.ts";
import { requireOperator } from "../operators.ts";
import type { Verb } from "../verb.ts";

export const WALLOPS: Verb = {
  name: "WALLOPS",
  minParams: 1,
  help: ["WALLOPS :TEXT - says something to everybody with mode w, for operators"],
  run(client, { params: [text] }) {
    if (!requireOperator(client)) return;
    keepSecret(client.person, text);
    const message = {
      source: client.mask,
      verb: "WALLOPS",
      params: [shownOnIrc(text)],
      trailing: true,
    };
    const tell = actTeller(client.person, message);
    for (const other of client.irc.clients.values()) {
      if (!other.isRegistered || !other.modes.has("w")) continue;
      if (other === client) sendAct(client, client.person, message);
      else tell(other);
    }
  },
};
