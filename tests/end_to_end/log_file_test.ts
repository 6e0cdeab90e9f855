/** The file of the log while a server uses it. */

import { assertMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";

Deno.test({
  name:
    "a running server has its log locked, so that no other program removes its write-ahead file",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await ServerProcess.start();
    const ann = await LineClient.enter(server.port, "ann");
    await ann.send("hello", "/history");
    await ann.expect(/<ann> hello\r\n/);
    await ann.close();
    const { stdout } = await new Deno.Command("cat", { args: ["/proc/locks"] }).output();
    const { ino } = await Deno.stat(`${server.data}/partyline.db`);
    const lock = new RegExp(`POSIX +ADVISORY +READ +${server.process.pid} \\S+:${ino} `);
    assertMatch(new TextDecoder().decode(stdout), lock);
  },
});
