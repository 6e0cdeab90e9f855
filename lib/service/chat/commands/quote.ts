import { DomainError } from "../../../domain/domain_error.ts";
import { type ChatCommand, showUsage } from "../command.ts";
import { sentence } from "../sentence.ts";

export const quote: ChatCommand = {
  name: "quote",
  usage: "/quote #SEQ",
  summary: "show everybody a line of this room again",
  details: "/history shows the numbers of lines.",
  async run(person, argument) {
    const room = person.requireRoom();
    const match = /^#?(\d{1,15})$/.exec(argument);
    if (!match) return showUsage(person, quote);
    const seq = Number(match[1]);
    const [event] = await person.chat.log.read(room.name, seq - 1, 1);
    if (event?.seq !== seq) {
      const isGone = event !== undefined && seq > 0;
      const what = isGone
        ? `#${seq} of #${room.name} is no longer kept`
        : `#${room.name} has no #${seq}`;
      throw new DomainError("no-such-event", `${what}. /history shows the numbers.`);
    }
    const quoted = `> #${seq} ${sentence(event)}`;
    person.say("message", quoted);
    person.notice(`You quoted #${seq} ${sentence(event)}`);
  },
};
