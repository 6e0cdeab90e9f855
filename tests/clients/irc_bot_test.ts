/** The bot in the documentation. */

import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

Deno.test("The bot of docs/irc.md rolls dice, and says how in private", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/irc.md", import.meta.url));
  const [, code] = /<!-- the bot -->\n\n```js\n(.*?)```/s.exec(text)!;
  using directory = new TemporaryDirectory();
  await using server = await ServerProcess.start({
    args: ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"],
  });
  const [irc, lines] = server.ports;
  await Deno.writeTextFile(`${directory.path}/bot.mjs`, code.replace("6667", `${irc}`));
  const tim = await LineClient.enter(lines, "tim");
  await using _bot = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "bot.mjs"],
    cwd: directory.path,
    stdout: "null",
    stderr: "null",
  }).spawn();
  await tim.expect("* dice joined\r\n");
  await tim.send("!roll 1");
  await tim.expect("<dice> tim rolls a 1\r\n");
  await tim.send("/msg dice hello");
  await tim.expect("dice -> you: Say !roll, or !roll 20, in #lobby.\r\n");
  await tim.close();
});
