/** SIGHUP on the real program: what changes for people who stay connected. */

import { assertEquals, assertNotMatch } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { runToEnd, ServerProcess } from "../support/server_process.ts";

Deno.test("SIGHUP changes limits, access, allow, alerts and retention, and people stay connected", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  let allow = "";
  const write = (toml: string) => {
    const listen = ["irc=tcp://127.0.0.1:0", `chat=tcp://0.0.0.0:0${allow}`];
    return Deno.writeTextFile(file, `listen = ${JSON.stringify(listen)}\n${toml}`);
  };
  await write("flood-rate = 0\n");
  await using server = await ServerProcess.start({ args: ["--config", file], listen: false });
  const [irc, port] = server.ports;
  const ann = await LineClient.enter(port, "ann");
  await ann.send("/join ops");
  await ann.expect("* You are in #ops");

  await write("flood-rate = 0\nmax-per-address = 1\nmax-conections = 7\n");
  server.process.kill("SIGHUP");
  await server.expectStderr(
    /error cli: \S+partyline\.toml:4: unknown key "max-conections": did you mean "max-connections"\?\n.* Nothing was reloaded/,
  );
  const bob = await LineClient.enter(port, "bob");
  await bob.close();
  await ann.expect("* bob left");

  const reload = async (toml: string, news: string) => {
    await write(toml);
    server.process.kill("SIGHUP");
    await server.expectStderr(new RegExp(`Reloaded the configuration: ${news}\\n`));
  };
  await reload('access = "accounts"\ndurability = "full"\n', "access, flood-rate");
  await server.expectStderr(/toml:3: durability has changed, which needs a restart/);
  await server.expectStderr(
    /info cli: Open to all addresses: chat \S+ Only people with an account/,
  );
  const carl = await LineClient.connect(irc);
  await carl.send("NICK carl", "USER carl 0 * :Carl");
  await carl.expect("FAIL * ACCOUNT_REQUIRED_TO_CONNECT");
  await carl.close();
  await ann.send("hello");
  await ann.expect("! This server is for people with an account.");

  allow = "?allow=127.0.0.2";
  const password = `${directory.path}/password`;
  await Deno.writeTextFile(password, "correct horse\n");
  await reload(
    `access = "accounts"\npassword-file = ${JSON.stringify(password)}\n`,
    "password-file, allow",
  );
  await server.expectStderr(/warning cli: Every user of this machine can read the password in /);
  const stranger = await LineClient.connect(port);
  await stranger.expect("! This server is not open to your address, 127.0.0.1.");
  await stranger.close();
  allow = "?allow=127.0.0.0/8";

  await Deno.writeTextFile(`${directory.path}/motd`, "Be kind.\n");
  await reload(
    `
      max-per-address = 2
      [irc]
      motd = "${directory.path}/motd"
      [alerts.disk]
      query = "full"
      room = "ops"
      [rooms.ops]
      keep-for = "30d"
    `,
    "access, password-file, max-per-address, allow, \\[irc\\], \\[rooms\\], \\[alerts\\]",
  );
  const dora = await LineClient.connect(irc);
  await dora.send("NICK dora", "USER dora 0 * :Dora", "JOIN #ops");
  await dora.expect("372 dora :- Be kind.");
  const eve = await LineClient.connect(port);
  await eve.expect("! Too many connections from your address: the limit is 2.");
  await server.expectStderr(/ Refused \S+: Too many connections [^=]+ again\. remote=\S+\n/);
  await ann.send("the disk is full");
  await dora.expect("Alert disk: ");
  for (const client of [ann, dora, eve]) await client.close();
  assertNotMatch(server.stderr, /Internal error/);
});

Deno.test("SIGHUP with another data directory applies all other changes, and says that this one needs a restart", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  const data = `${directory.path}/data`;
  const write = (toml: string) =>
    Deno.writeTextFile(file, `listen = ["chat=tcp://127.0.0.1:0"]\n${toml}`);
  await write(`data = ${JSON.stringify(data)}\n`);
  const args = ["--config", file];
  await using server = await ServerProcess.start({
    args,
    data,
    isDataInFile: true,
    listen: false,
  });
  await write(
    `data = ${JSON.stringify(`${data}-2`)}\nalerts.disk = {query = "full", room = "ops"}\n`,
  );
  server.process.kill("SIGHUP");
  await server.expectStderr(/Reloaded the configuration: \[alerts\]/);
  await server.expectStderr(/toml:2: data has changed, which needs a restart/);
  const ann = await LineClient.enter(server.port, "ann");
  await ann.send("/join ops", "the disk is full");
  await ann.expect("Alert disk: ");
  await ann.close();
});

Deno.test("partyline reload reloads the running server, and fails if that is refused", async () => {
  using directory = new TemporaryDirectory();
  const file = `${directory.path}/partyline.toml`;
  const listen = 'listen = ["chat=tcp://127.0.0.1:0"]\n';
  const reload = async (toml: string) => {
    await Deno.writeTextFile(file, listen + toml);
    return await runToEnd(["reload", "--data", server.data]);
  };
  await Deno.writeTextFile(file, listen);
  await using server = await ServerProcess.start({ args: ["--config", file], listen: false });
  assertEquals(await reload('stall = 5\ndurability = "full"\n'), {
    code: 0,
    stdout: "Reloaded the configuration: stall\n" +
      `${file}:3: durability has changed, which needs a restart; until then, the server goes on ` +
      "with the old value\n",
    stderr: "",
  });
  assertEquals(await reload("stal = 5\n"), {
    code: 1,
    stdout: "",
    stderr: `${file}:2: unknown key "stal": did you mean "stall"?\n` +
      "Nothing was reloaded. Correct that, and reload again.\n",
  });
  await server.stop();
  const { code, stderr } = await reload("");
  assertEquals([code, stderr], [1, `No server runs on ${server.data}. Start one first.\n`]);
});
