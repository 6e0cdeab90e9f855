import { speak } from "../speech/speak.ts";
import type { Verb } from "../verb.ts";

export const PRIVMSG: Verb = {
  name: "PRIVMSG",
  isSpeech: true,
  help: ["PRIVMSG TARGET[,TARGET...] :TEXT - says something in a channel or to a person"],
  run(client, message) {
    return speak(client, message);
  },
};
