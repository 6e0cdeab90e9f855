/** TLS client certificates, shown by OpenSSL: a certificate without its key is worth nothing. */

import { assert, assertMatch } from "@std/assert";
import { createSecureContext } from "node:tls";
import { randomBytes, X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";
import { makeCertificate } from "../support/certificate.ts";
import { runWithInput } from "../support/run_with_input.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

async function openssl(args: readonly string[], input = ""): Promise<string> {
  return (await runWithInput("openssl", args, input)).printed;
}

/**
 * A private key of somebody else (RFC 5915) that names the public key of a certificate. OpenSSL
 * compares only that, so it uses the key with the certificate.
 */
function forgeKey(certificate: string): string {
  const spki = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  const point = new Uint8Array(spki as Uint8Array).slice(-65);
  const curve = [0xa0, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
  const body = [2, 1, 1, 4, 32, ...randomBytes(32), ...curve, 0xa1, 68, 3, 66, 0, ...point];
  const text = Buffer.from([0x30, body.length, ...body]).toString("base64");
  return `-----BEGIN EC PRIVATE KEY-----\n${text.match(/.{1,64}/g)!.join("\n")}\n` +
    "-----END EC PRIVATE KEY-----\n";
}

Deno.test({
  name: "Nobody gets in with a certificate whose key they do not have",
  ignore: !("context" in createSecureContext()),
  async fn() {
    using directory = new TemporaryDirectory();
    const { cert, key } = await makeCertificate();
    await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
    await Deno.writeTextFile(`${directory.path}/key.pem`, key);
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const files = ["-keyout", `${directory.path}/own.key`, "-out", `${directory.path}/own.crt`];
    await openssl(["req", "-x509", ...curve, ...files, "-subj", "/CN=ann", "-days", "30"]);
    const forged = forgeKey(await Deno.readTextFile(`${directory.path}/own.crt`));
    await Deno.writeTextFile(`${directory.path}/forged.key`, forged);
    const endpoint =
      `tls://127.0.0.1:0?cert=${directory.path}/cert.pem,key=${directory.path}/key.pem`;
    await using server = await ServerProcess.start({ args: ["--listen", `irc=${endpoint}`] });
    const say = (key: string, version: string, lines: readonly string[]) =>
      openssl(
        [
          ...["s_client", "-quiet", "-ign_eof", version, "-connect", `127.0.0.1:${server.port}`],
          ...["-cert", `${directory.path}/own.crt`, "-key", `${directory.path}/${key}.key`],
        ],
        [...lines, "QUIT", ""].join("\r\n"),
      );
    for (const version of ["-tls1_3", "-tls1_2"]) {
      const hello = ["NICK ann", "USER ann 0 * :Ann"];
      assertMatch(await say("own", version, hello), / 001 ann /);
      const answer = await say("forged", version, hello);
      assert(!/ 001 |:irc/.test(answer), answer);
    }
  },
});
