/** What IRC clients learn about people of other doors, on the real server. */

import { assertEquals } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { IrcClient } from "../support/irc_client.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const LISTEN = ["--listen", "irc=tcp://127.0.0.1:0", "--listen", "chat=tcp://127.0.0.1:0"];

Deno.test("IRC clients find people of all doors, and are told when they go", async () => {
  using directory = new TemporaryDirectory();
  const { cert, key } = await makeCertificate();
  await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
  await Deno.writeTextFile(`${directory.path}/key.pem`, key);
  const tls = `irc=tls://127.0.0.1:0?cert=${directory.path}/cert.pem&key=${directory.path}/key.pem`;
  await using server = await ServerProcess.start({ args: [...LISTEN, "--listen", tls] });
  const [plainPort, linePort, tlsPort] = server.ports;

  await using ann = await IrcClient.connect(plainPort, "ann");
  const options = { hostname: "localhost", port: tlsPort, caCerts: [cert] };
  await using bob = IrcClient.onSocket(await Deno.connectTls(options));
  await bob.register("bob");
  const cem = await LineClient.enter(linePort, "cem");

  ann.send("MONITOR + bob,cem");
  assertEquals((await ann.sync()).map(withoutSource), [
    "730 ann :bob!~bob@HOST,cem!tcp@HOST",
  ]);
  ann.send("WHO #lobby", "ISON bob cem nobody", "WHOIS bob");
  const answers = (await ann.sync()).map(withoutSource);
  assertEquals(answers.slice(0, 3), [
    "352 ann #lobby tcp HOST SERVER cem H :0 cem",
    "315 ann #lobby :End of /WHO list",
    "303 ann :bob cem",
  ]);
  assertEquals(answers.includes("671 ann bob :is using a secure connection"), true);

  await cem.send("/quit");
  await ann.expect(/ 731 ann :cem$/);
  await bob.leave();
  await ann.expect(/ 731 ann :bob$/);
  await cem.close();
});

Deno.test("A restart keeps who set a topic, and when", async () => {
  using data = new TemporaryDirectory();
  const topicAfter = async (setTopic: boolean): Promise<string[]> => {
    await using server = await ServerProcess.start({ data: data.path, args: LISTEN });
    const [ircPort, linePort] = server.ports;
    const cem = await LineClient.enter(linePort, "cem");
    if (setTopic) {
      await cem.send("/topic Tea at four");
      await cem.expect("Tea at four");
    }
    await using ann = await IrcClient.connect(ircPort, "ann");
    // The first finds topics set within the hour, the second older ones.
    ann.send("LIST T<60", "LIST T>60");
    const lines = (await ann.sync()).filter((line) => / 322 /.test(line)).map(withoutSource);
    await cem.close();
    return lines;
  };
  assertEquals(await topicAfter(true), ["322 ann #lobby 1 :Tea at four"]);
  assertEquals(await topicAfter(false), ["322 ann #lobby 1 :Tea at four"]);
});

/** A line without the server's name, and with masked addresses as `HOST`. */
function withoutSource(line: string): string {
  const [, server] = /^:(\S+) /.exec(line)!;
  return line.slice(server.length + 2).replaceAll(` ${server} `, " SERVER ")
    .replaceAll(/\b[0-9a-f]{12}\.ip\b/g, "HOST");
}
