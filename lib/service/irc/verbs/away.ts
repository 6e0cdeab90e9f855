import { tellMissed } from "../../chat/rooms/missed_notice.ts";
import { keepSecret } from "../../chat/speech/said_text.ts";
import { IRC_LIMITS } from "../isupport.ts";
import type { Verb } from "../verb.ts";

export const AWAY: Verb = {
  name: "AWAY",
  help: [
    "AWAY [:TEXT] - says that you are away; without a text, that you are back",
  ],
  async run(client, { params: [text = ""] }) {
    const { person, irc: { peers } } = client;
    if (text === "") {
      const { leftOff } = person;
      if (person.awayText !== undefined) person.setAway(undefined);
      client.reply("305", "You are no longer marked as being away");
      await peers.told(person);
      // Others read it in the history.
      if (!client.caps.has("draft/chathistory")) await tellMissed(person, leftOff);
      return;
    }
    keepSecret(person, text);
    person.setAway([...text].slice(0, IRC_LIMITS.away).join(""));
    client.reply("306", "You have been marked as being away");
    // A crowd takes a while to be told, and those who go away again and again wait for that.
    await peers.told(person);
  },
};
