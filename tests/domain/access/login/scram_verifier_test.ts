import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import {
  deriveVerifier,
  formatVerifier,
  isProof,
  parseVerifier,
  serverSignature,
} from "../../../../lib/domain/access/login/scram_verifier.ts";

// RFC 7677 section 3.
const SALT = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
const AUTH_MESSAGE = "n=user,r=rOprNGfwEbeRWgbNEkqO," +
  "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096," +
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const PROOF = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
const SIGNATURE = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

Deno.test("deriveVerifier() fits the example of RFC 7677", async () => {
  const verifier = await deriveVerifier("pencil", 4096, SALT);
  assert(isProof(verifier, AUTH_MESSAGE, PROOF));
  assertEquals(
    Buffer.from(serverSignature(verifier, AUTH_MESSAGE)).toString("base64"),
    SIGNATURE,
  );
});

Deno.test("isProof() refuses a proof of another password, message or length", async () => {
  const verifier = await deriveVerifier("pencil", 4096, SALT);
  assert(!isProof(await deriveVerifier("pencils", 4096, SALT), AUTH_MESSAGE, PROOF));
  assert(!isProof(verifier, AUTH_MESSAGE + " ", PROOF));
  assert(!isProof(verifier, AUTH_MESSAGE, PROOF.subarray(1)));
  assert(!isProof(verifier, AUTH_MESSAGE, Buffer.concat([PROOF, PROOF])));
  assert(!isProof(verifier, AUTH_MESSAGE, new Uint8Array()));
});

Deno.test("deriveVerifier() salts each password anew and prepares it as clients do", async () => {
  const [one, other] = await Promise.all([
    deriveVerifier("pencil", 1),
    deriveVerifier("pencil", 1),
  ]);
  assert(formatVerifier(one) !== formatVerifier(other));
  // RFC 4013 section 3: soft hyphens vanish, and compatibility forms are mapped.
  for (const [typed, prepared] of [["I\u00adX", "IX"], ["\u2168", "IX"], ["a\u00a0b", "a b"]]) {
    assertEquals(await deriveVerifier(typed, 1, SALT), await deriveVerifier(prepared, 1, SALT));
  }
});

Deno.test("parseVerifier() reads what formatVerifier() writes, and nothing else", async () => {
  const verifier = await deriveVerifier("pencil", 7, SALT);
  const text = formatVerifier(verifier);
  assert(text.startsWith("SCRAM-SHA-256$7:W22ZaJ0SNY7soEsUEjb6gQ==$"), text);
  assertEquals(formatVerifier(parseVerifier(text)!), text);
  for (
    const damaged of ["", text.slice(0, -4), text.replace("256", "1"), `${text}$`, "$".repeat(9)]
  ) {
    assertEquals(parseVerifier(damaged), undefined, damaged);
  }
});
