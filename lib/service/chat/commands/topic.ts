import type { ChatCommand } from "../command.ts";

export const topic: ChatCommand = {
  name: "topic",
  usage: "/topic [TEXT]",
  summary: "show or set what this room is about",
  details: "/topic - clears it.",
  run(person, argument) {
    const room = person.requireRoom();
    if (argument !== "") {
      person.speech.say("topic", argument === "-" ? "" : argument);
    } else if (room.topic === "") {
      person.notice(`#${room.name} has no topic. /topic TEXT sets one.`);
    } else {
      person.notice(`Topic of #${room.name}: ${room.topic}`);
    }
  },
};
