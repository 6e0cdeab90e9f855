import type { Verb } from "../verb.ts";

/** That it came is what counts. */
export const PONG: Verb = {
  name: "PONG",
  isEarly: true,
  isSpeech: true,
  help: ["PONG TEXT - answers a PING of the server"],
  run() {},
};
