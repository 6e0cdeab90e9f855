import { type ChatCommand, showUsage } from "../command.ts";

export const nick: ChatCommand = {
  name: "nick",
  usage: "/nick NAME",
  summary: "change your name",
  details: "A name has 1 to 32 letters, digits and _ - . in it.",
  run(person, argument) {
    if (argument === "") return showUsage(person, nick);
    const { nickname: before } = person;
    person.takeName(argument);
    const { nickname: after, chat: { registry } } = person;
    if (after === before) return void person.notice(`You are ${after} already.`);
    for (const room of person.rooms) {
      registry.say(person.member, room, "notice", `${before} is now ${after}`);
    }
    person.notice(`You are ${after}.`);
  },
};
