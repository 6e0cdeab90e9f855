import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey } from "node:crypto";
// @ts-types="../../lib/transport/ssh/ssh2.d.ts"
import ssh2 from "ssh2";
import { formatPrivateKey, makePrivateKey } from "../../lib/transport/ssh/openssh_key.ts";
import { SeededRandom } from "../support/random.ts";

/** What PKCS #8 has in front of the secret of an Ed25519 key (RFC 8410 section 7). */
const PKCS8_HEAD = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

Deno.test("makePrivateKey() makes another key each time, which the library reads", () => {
  const keys = [makePrivateKey(), makePrivateKey()];
  assert(keys[0] !== keys[1]);
  for (const key of keys) {
    const parsed = ssh2.utils.parseKey(key);
    assert(!(parsed instanceof Error) && "type" in parsed);
    assertEquals([parsed.type, parsed.isPrivateKey()], ["ssh-ed25519", true]);
  }
});

Deno.test("formatPrivateKey() keeps zeros at either end of a key", () => {
  const random = new SeededRandom(1);
  const seen = new Set<string>();
  while (seen.size < 3) {
    const secret = random.bytes(32);
    if (seen.size === 0) secret[0] = 0;
    const key = createPrivateKey({
      key: Buffer.concat([PKCS8_HEAD, secret]),
      format: "der",
      type: "pkcs8",
    });
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    const open = Buffer.from(x, "base64url");
    const where = secret[0] === 0
      ? "secret"
      : open[0] === 0
      ? "first"
      : open[31] === 0
      ? "last"
      : "";
    if (where === "" || seen.has(where)) continue;
    seen.add(where);
    const parsed = ssh2.utils.parseKey(formatPrivateKey(secret, open));
    assert(!(parsed instanceof Error) && "type" in parsed, where);
    assertEquals(parsed.getPublicSSH().subarray(-32), open);
  }
});
