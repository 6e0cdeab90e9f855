import { speak } from "../speech/speak.ts";
import type { Verb } from "../verb.ts";

export const NOTICE: Verb = {
  name: "NOTICE",
  isSpeech: true,
  help: ["NOTICE TARGET[,TARGET...] :TEXT - as PRIVMSG, for programs: nothing answers it"],
  run(client, message) {
    return speak(client, message);
  },
};
