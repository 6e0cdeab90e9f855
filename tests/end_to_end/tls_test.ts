/** TLS ports of the program, with TLS and plain-text peers. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeCertificate } from "../support/certificate.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { StreamPeer } from "../support/stream_peer.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";

const HINT = "! This port speaks TLS. Connect with TLS, " +
  "for example: openssl s_client -quiet -connect HOST:PORT\r\n";

/** Starts the server with a service on a TLS port, and passes it and the certificate to `test`. */
async function withServer(
  service: string,
  scheme: string,
  work: (server: ServerProcess, cert: string, path: string) => Promise<void>,
): Promise<void> {
  using directory = new TemporaryDirectory();
  const { cert, key } = await makeCertificate();
  await Deno.writeTextFile(`${directory.path}/cert.pem`, cert);
  await Deno.writeTextFile(`${directory.path}/key.pem`, key);
  const endpoint =
    `${scheme}://127.0.0.1:0?cert=${directory.path}/cert.pem&key=${directory.path}/key.pem`;
  await using server = await ServerProcess.start({
    args: ["--listen", `${service}=${endpoint}`],
  });
  await work(server, cert, directory.path);
}

async function connect(server: ServerProcess, cert: string): Promise<StreamPeer> {
  const options = { hostname: "localhost", port: server.port, caCerts: [cert] };
  return new StreamPeer(await Deno.connectTls(options));
}

async function takeAll(peer: StreamPeer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const bytes = await peer.take();
    if (!bytes) return text;
    text += decoder.decode(bytes, { stream: true });
  }
}

Deno.test("A TLS port sends all replies to a peer that half-closes", async () => {
  await withServer("bank", "tls", async (server, cert) => {
    const peer = await connect(server, cert);
    await peer.send(new TextEncoder().encode("jack:dp\njack:dp\n".repeat(500)));
    await peer.end();
    const answers = Array.from({ length: 1000 }, (_, index) => `jack's money: ${index + 1}\r\n`);
    assertEquals(await takeAll(peer), answers.join(""));
    peer.vanish();
  });
});

Deno.test("A TLS port tells a plain-text peer what to do, and closes", async () => {
  for (const scheme of ["tls", "telnets"]) {
    await withServer("chat", scheme, async (server) => {
      for (const text of ["jack\r\n", "GET / HTTP/1.1\r\n\r\n", "\xff\xfb\x1f"]) {
        const client = await LineClient.connect(server.port);
        await client.sendBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
        assertEquals(await client.expectEnd(), HINT);
        await client.close();
      }
    });
  }
});

Deno.test("A TLS port uses a new certificate after SIGHUP, and keeps existing connections", async () => {
  await withServer("echo", "tls", async (server, cert, path) => {
    const old = await connect(server, cert);
    await old.send(new TextEncoder().encode("one\n"));
    assertEquals(await old.take(), new TextEncoder().encode("one\r\n"));

    const next = await makeCertificate();
    await Deno.writeTextFile(`${path}/cert.pem`, next.cert);
    await Deno.writeTextFile(`${path}/key.pem`, next.key);
    server.process.kill("SIGHUP");
    await server.expectStderr(/Reloaded the certificate of /);
    const peer = await connect(server, next.cert);
    for (const one of [peer, old]) {
      await one.send(new TextEncoder().encode("two\n"));
      assertEquals(await one.take(), new TextEncoder().encode("two\r\n"));
      one.vanish();
    }
  });
});

Deno.test("A TLS port reports an invalid new certificate, and keeps the old one", async () => {
  await withServer("echo", "tls", async (server, cert, path) => {
    await Deno.writeTextFile(`${path}/cert.pem`, "nothing");
    server.process.kill("SIGHUP");
    await server.expectStderr(/ error .*\n/);
    assertStringIncludes(
      server.stderr,
      ` error cli: Cannot reload the certificate of tls://127.0.0.1:${server.port}, ` +
        `keeping the old one: ${path}/cert.pem is not a certificate in PEM form. ` +
        "Choose another with cert=FILE.\n",
    );
    const peer = await connect(server, cert);
    await peer.send(new TextEncoder().encode("one\n"));
    assertEquals(await peer.take(), new TextEncoder().encode("one\r\n"));
    peer.vanish();
  });
});
