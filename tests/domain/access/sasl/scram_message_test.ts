import { assert, assertEquals, assertThrows } from "@std/assert";
import { SaslError } from "../../../../lib/domain/access/sasl/mechanism.ts";
import {
  formatServerFirst,
  parseClientFinal,
  parseClientFirst,
} from "../../../../lib/domain/access/sasl/scram_message.ts";

Deno.test("parseClientFirst() reads the example of RFC 7677", () => {
  assertEquals(parseClientFirst("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"), {
    header: "n,,",
    bare: "n=user,r=rOprNGfwEbeRWgbNEkqO",
    authorization: "",
    username: "user",
    nonce: "rOprNGfwEbeRWgbNEkqO",
  });
});

Deno.test("parseClientFirst() reads escapes, identities and extensions", () => {
  const { header, bare, authorization, username } = parseClientFirst(
    "y,a=a=2Cb,n==3Djo=2C,r=abc,x=1,y=2",
  );
  assertEquals([header, bare], ["y,a=a=2Cb,", "n==3Djo=2C,r=abc,x=1,y=2"]);
  assertEquals([authorization, username], ["a,b", "=jo,"]);
});

Deno.test("parseClientFirst() says that channel binding is not supported", () => {
  const error = assertThrows(() => parseClientFirst("p=tls-unique,,n=user,r=abc"), SaslError);
  assert(error.message.includes("without it"), error.message);
});

Deno.test("parseClientFirst() refuses everything else", () => {
  for (
    const text of [
      "",
      "n,,",
      "n,n=user,r=abc",
      "x,,n=user,r=abc",
      "n,,m=ext,n=user,r=abc",
      "n,,n=user",
      "n,,n=user,r=",
      "n,,n=us=2Xer,r=abc",
      "n,,n=us=er,r=abc",
      "n,,n=user,r=a\u00e9",
      "n,,n=user,r=a b",
      "n,,n=us\0er,r=abc",
      "n,,r=abc,n=user",
      "n,,n=user,r=abc,",
    ]
  ) {
    assertThrows(() => parseClientFirst(text), SaslError, "malformed", text);
  }
});

Deno.test("parseClientFinal() reads the example of RFC 7677", () => {
  const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const final = parseClientFinal(
    `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
  );
  assertEquals([final.header, final.nonce, final.proof.length], ["n,,", nonce, 32]);
  assertEquals(final.withoutProof, `c=biws,r=${nonce}`);
});

Deno.test("parseClientFinal() refuses a message without proof, or with anything after it", () => {
  for (
    const text of ["", "c=biws,r=abc", "c=biws,p=abcd", "c=biws,r=abc,p=abcd,x=1", "r=abc,p=abcd"]
  ) {
    assertThrows(() => parseClientFinal(text), SaslError, "malformed", text);
  }
});

Deno.test("formatServerFirst() writes nonce, salt and iterations", () => {
  assertEquals(formatServerFirst("abc", Uint8Array.of(1, 2, 3), 4096), "r=abc,s=AQID,i=4096");
});
