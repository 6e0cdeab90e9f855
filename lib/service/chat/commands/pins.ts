import { showPins } from "../acts/pin_list.ts";
import type { ChatCommand } from "../command.ts";

export const pins: ChatCommand = {
  name: "pins",
  usage: "/pins",
  summary: "list what is pinned in this room",
  details: "/pin #12 pins a message, /unpin #12 unpins it.",
  async run(person) {
    await showPins(person, person.requireRoom().name);
  },
};
