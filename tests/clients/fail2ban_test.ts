/** Wrong passwords, as the real fail2ban finds them in the diagnostics of a server. */

import { assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const FILTER = new URL("../../packaging/fail2ban-filter.conf", import.meta.url).pathname;

for (const format of ["text", "json"]) {
  Deno.test(`fail2ban finds who gave a wrong password, in ${format}`, async () => {
    await using server = await ServerProcess.start({ args: ["--log-format", format] });
    const added = await runToEnd(["account", "add", "ann", "--data", server.data], {
      input: "tea at five\n",
    });
    assertEquals(added.code, 0, added.stderr);
    const client = await LineClient.connect(server.port);
    await client.expect("What is your name?");
    await client.send("ann");
    await client.expect(/password/i);
    await client.send("wrong password");
    await server.expectStderr(/Failed log-in/);
    await client.close();
    using directory = new TemporaryDirectory();
    const file = directory.writeFile("stderr", server.stderr);
    const found = await new Deno.Command("fail2ban-regex", {
      args: ["--out", "ip", file, FILTER],
    }).output();
    assertEquals(new TextDecoder().decode(found.stdout), "127.0.0.1\n");
  });
}
