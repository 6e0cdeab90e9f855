/** IRC in TLS, with client certificates. */

import { createSecureContext } from "node:tls";
import { makeCertificate } from "../support/certificate.ts";
import { IrcClient } from "../support/irc_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

/** Deno 2.7 cannot ask for certificates. */
const CAN_ASK = "context" in createSecureContext();

Deno.test("A client certificate logs in by SASL EXTERNAL once it has been added", async () => {
  using directory = new TemporaryDirectory();
  const { cert, key } = await makeCertificate();
  await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
  await Deno.writeTextFile(`${directory.path}/key.pem`, key);
  const endpoint =
    `tls://127.0.0.1:0?cert=${directory.path}/cert.pem,key=${directory.path}/key.pem`;
  await using server = await ServerProcess.start({ args: ["--listen", `irc=${endpoint}`] });
  const own = await makeCertificate("ann");
  const connect = async (pair: { cert: string; key: string } | object) =>
    IrcClient.onSocket(
      await Deno.connectTls({
        hostname: "localhost",
        port: server.port,
        caCerts: [cert],
        ...pair,
      }),
    );

  await using ann = await connect(own);
  await ann.register("ann");
  ann.send("NS REGISTER tea-at-five");
  await ann.until(/Account created/);
  ann.send("NS CERT ADD");
  await ann.until(
    CAN_ASK ? /Added [\dA-F:]{95}: with that certificate/ : /You have not connected/,
  );
  if (!CAN_ASK) return;
  await ann.leave();

  await using again = await connect(own);
  again.send("CAP LS 302", "CAP REQ sasl", "NICK ann", "USER ann 0 * :Ann");
  await again.expect(/ sasl=PLAIN,SCRAM-SHA-256,EXTERNAL/);
  await again.until(/ ACK :sasl$/); // with TLS the list takes two lines
  again.send("AUTHENTICATE EXTERNAL", "AUTHENTICATE +", "CAP END");
  await again.expect(/ AUTHENTICATE \+$/, / 900 .* ann :/, / 903 /, / 001 ann /);

  for (const pair of [await makeCertificate("ann"), {}]) {
    await using other = await connect(pair);
    other.send("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +");
    await other.until(/ 904 /);
  }
});
