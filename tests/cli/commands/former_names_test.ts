/** What the commands on the server's machine say to the former name of a registered room. */

import { assertEquals } from "@std/assert";
import { formatRules, openRules } from "../../../lib/domain/access/rules/room_rules.ts";
import { openDatabase } from "../../../lib/store/sqlite/database.ts";
import { SqliteStateStore } from "../../../lib/store/sqlite/state_store.ts";
import { CommandLine } from "../../support/command_line.ts";
import { draftOf } from "../../support/room_events.ts";
import { openOwners } from "../../support/token_owners.ts";

const NOW = "#Ops is #duty now.";
const EARLIER = `${NOW} Earlier messages are in #Ops.\n`;

/** A log with a room #duty of ann that was #Ops before. */
async function renamedLog(): Promise<CommandLine> {
  const file = new CommandLine();
  await file.append(draftOf("Ops", "before"), draftOf("duty", "after"));
  using database = openDatabase(file.path, "normal");
  const state = new SqliteStateStore(database);
  const rules = { ...openRules("duty"), roles: new Map([["ann", "owner" as const]]) };
  const value = formatRules({ ...rules, formerly: ["Ops"] });
  await state.update("access", "room duty", () => ({ value, result: undefined }));
  await openOwners(["ann"], { state });
  return file;
}

Deno.test("commands tell on standard error what a room is called now", async () => {
  await using file = await renamedLog();
  const commands = [
    ["tail", "ops"],
    ["export", "--room", "#ops"],
    ["search", "before", "--room", "OPS"],
    ["search", "before in:ops"],
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await file.run(...command);
    assertEquals([code, stdout.includes("before"), stderr], [0, true, EARLIER], `${command}`);
  }
  const { code, stderr } = await file.run("token", "new", "ann", "deploy", "ops", "lobby");
  const advice = "Keep it now, like a password: it is not shown again.";
  assertEquals([code, stderr], [0, `${advice}\n${NOW}\n`]);
});

Deno.test("commands say nothing of names to whoever uses the current one, or several", async () => {
  await using file = await renamedLog();
  const commands = [["tail", "duty"], ["export"], ["search", "after"], [
    "search",
    "after -in:ops in:d*",
  ]];
  for (const command of commands) assertEquals((await file.run(...command)).stderr, "");
});

Deno.test("commands read the log although the rules of a room are damaged", async () => {
  await using file = await renamedLog();
  {
    using database = openDatabase(file.path, "normal");
    const state = new SqliteStateStore(database);
    await state.update("access", "room duty", () => ({ value: "{", result: undefined }));
  }
  const { code, stderr } = await file.run("tail", "ops");
  assertEquals([code, stderr], [0, ""]);
});
