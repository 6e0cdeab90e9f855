import { assertEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import {
  formatPublicKey,
  parsePublicKey,
  parsePublicKeys,
  publicKeyOf,
} from "../../../../lib/domain/access/accounts/public_key.ts";
import { DomainError } from "../../../../lib/domain/domain_error.ts";
import { PUBLIC_KEYS } from "../../../support/public_keys.ts";
import { SeededRandom } from "../../../support/random.ts";
import { rounds, SEED } from "../../../support/rounds.ts";

const { ANN, SECOND, RSA } = PUBLIC_KEYS;

function refusal(line: string): string {
  const error = assertThrows(() => parsePublicKey(line), DomainError);
  assertEquals(error.code, "bad-key");
  return error.message;
}

Deno.test("parsePublicKey() takes every usual type, and finds the fingerprint of ssh-keygen", () => {
  for (const name of ["ANN", "SECOND", "NIST256", "NIST384", "NIST521", "RSA"] as const) {
    const { line, fingerprint } = PUBLIC_KEYS[name];
    const key = parsePublicKey(line);
    assertEquals(key.fingerprint, fingerprint);
    assertEquals(key.type, line.split(" ")[0]);
    assertEquals(formatPublicKey(key), line);
    const blob = Buffer.from(key.base64, "base64");
    assertEquals(publicKeyOf(key.type, blob), { ...key, label: "" });
  }
  assertEquals(parsePublicKey(SECOND.line).label, "two words here");
});

Deno.test("parsePublicKey() ignores what is said to sshd in front of the key", () => {
  for (
    const options of [
      "no-pty",
      "restrict,pty",
      'command="say \\"a, b\\" ssh-rsa AAAA",no-pty',
      'environment="A=from=x"',
    ]
  ) {
    assertEquals(parsePublicKey(`  ${options}\t${ANN.line}`).fingerprint, ANN.fingerprint, options);
  }
});

Deno.test("parsePublicKey() refuses options that restrict whose key it is", () => {
  for (
    const [options, name] of [
      ["cert-authority", "cert-authority"],
      ['no-pty,from="10.0.0.0/8, !10.0.0.1"', "from"],
      ['expiry-time="20300101",no-pty', "expiry-time"],
      ['principals="ann"', "principals"],
    ]
  ) {
    assertEquals(
      refusal(`${options} ${ANN.line}`),
      `The option ${name} of this key cannot be kept here. Give the key without it, or another.`,
    );
  }
});

Deno.test("parsePublicKey() says what is wrong with other lines", () => {
  const none = "This is not a public key. Copy the line of a .pub file: ssh-ed25519 AAAA... NAME";
  for (
    const line of ["", "hello", "hello world", "-----BEGIN CERTIFICATE-----", '"']
  ) {
    assertEquals(refusal(line), none, line);
  }
  assertEquals(refusal("x".repeat(20_000)), "This line is too long for a public key.");
  assertEquals(
    refusal("-----BEGIN OPENSSH PRIVATE KEY-----"),
    "This is a private key. Never give it to anybody. Use the line in its .pub file.",
  );
  assertEquals(
    refusal(PUBLIC_KEYS.WEAK_RSA.line),
    "This RSA key has 1024 bits, which is too few. Make a new one with ssh-keygen -t ed25519, and " +
      "give its .pub file.",
  );
  const plain =
    "Use a plain ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa key; ssh-keygen -t ed25519 " +
    "makes one.";
  assertEquals(refusal(PUBLIC_KEYS.DSA.line), `Keys of type ssh-dss are not supported. ${plain}`);
  assertEquals(refusal(PUBLIC_KEYS.CERTIFICATE.line), `Certificates are not supported. ${plain}`);
  const blob = Buffer.concat(["sk-ssh-ed25519@openssh.com", "x", "ssh:"].map(sshString));
  assertEquals(
    refusal(`sk-ssh-ed25519@openssh.com ${blob.toString("base64")} yubi`),
    `Keys on security tokens are not supported. ${plain}`,
  );
});

function sshString(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeUInt32BE(text.length);
  bytes.write(text, 4);
  return bytes;
}

Deno.test("parsePublicKey() takes no key that is cut or changed in its form", () => {
  for (const { line } of [ANN, RSA, PUBLIC_KEYS.NIST384]) {
    const [type, base64] = line.split(" ");
    for (let end = 0; end < base64.replace(/=+$/, "").length; end++) {
      refusal(`${type} ${base64.slice(0, end)} comment`);
    }
    refusal(`${type} ${base64}AAAA`);
    refusal(`ssh-dss ${base64}`);
  }
  assertEquals(
    refusal(`${ANN.line.replace("AAAAC3", "AAAAD3")}`),
    "This key is damaged. Copy the whole line of its .pub file.",
  );
});

Deno.test("parsePublicKey() parses or refuses any text, and nothing else", () => {
  const random = new SeededRandom(SEED);
  const lines = Object.values(PUBLIC_KEYS).map(({ line }) => line);
  for (let round = 0; round < rounds(3000, 200_000); round++) {
    const characters = [...lines[random.int(lines.length)]];
    for (let change = random.int(4); change >= 0; change--) {
      const at = random.int(characters.length);
      characters.splice(at, random.int(3), String.fromCharCode(random.int(0x250)));
    }
    try {
      const key = parsePublicKey(characters.join(""));
      assertEquals(parsePublicKey(formatPublicKey(key)), key);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
});

Deno.test("parsePublicKeys() reads a file, and says which lines it leaves out", () => {
  const text = `# laptop\r\n${ANN.line}\r\n\r\n${PUBLIC_KEYS.DSA.line}\n  ${RSA.line}`;
  const { keys, refusals } = parsePublicKeys(text);
  assertEquals(keys.map(({ fingerprint }) => fingerprint), [ANN.fingerprint, RSA.fingerprint]);
  assertEquals(refusals.map((text) => text.split(".")[0]), [
    "Line 4: Keys of type ssh-dss are not supported",
  ]);
});
