import { assertEquals } from "@std/assert";
import {
  fromChannel,
  fromIrcNick,
  toChannel,
  toIrcNick,
} from "../../../lib/service/irc/irc_names.ts";

const NAMES = [
  ["ann", "ann"],
  ["ann.b", "ann|b"],
  [".", "|"],
  ["..", "||"],
  ["_x-1", "_x-1"],
  ["5ive", "^5ive"],
  ["-dash", "^-dash"],
  ["\u0664x", "^\u0664x"],
  ["jürgen", "jürgen"],
  ["web1/nginx", "web1/nginx"],
  ["10.0.0.1:514/cron", "^10|0|0|1`514/cron"],
  ["::1", "``1"],
];

Deno.test("toIrcNick() shows any name in a form that IRC clients accept", () => {
  for (const [name, nick] of NAMES) assertEquals(toIrcNick(name), nick);
});

Deno.test("fromIrcNick() finds the name again", () => {
  for (const [name, nick] of NAMES) assertEquals(fromIrcNick(nick), name);
});

Deno.test("fromIrcNick() understands names as other doors show them", () => {
  for (const [name] of NAMES) assertEquals(fromIrcNick(name), name);
});

Deno.test("fromIrcNick() makes no valid name of a nickname that is nobody's", () => {
  for (const nick of ["^ann", "^", "a^b", "*", "ann!a@b", ""]) {
    assertEquals(fromIrcNick(nick), nick);
  }
});

Deno.test("fromChannel() knows the room of a channel, and no other target", () => {
  assertEquals(toChannel("lobby"), "#lobby");
  assertEquals(fromChannel("#lobby"), "lobby");
  assertEquals(fromChannel("lobby"), undefined);
});
