/** The client's end of SCRAM-SHA-256 (RFC 5802, RFC 7677), written apart from the server's. */

import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { Buffer } from "node:buffer";

export interface ScramClientOptions {
  readonly name: string;
  readonly password: string;
  /** @default {"rOprNGfwEbeRWgbNEkqO"} */
  readonly nonce?: string;
  /** @default {"n,,"} */
  readonly header?: string;
}

export class ScramClient {
  readonly #options: ScramClientOptions;
  readonly #bare: string;
  #serverSignature = "";

  constructor(options: ScramClientOptions) {
    this.#options = options;
    const name = options.name.replaceAll("=", "=3D").replaceAll(",", "=2C");
    this.#bare = `n=${name},r=${options.nonce ?? "rOprNGfwEbeRWgbNEkqO"}`;
  }

  get header(): string {
    return this.#options.header ?? "n,,";
  }

  first(): string {
    return this.header + this.#bare;
  }

  /** Answers the server's first message. */
  final(serverFirst: string): string {
    const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
    const bytes = Buffer.from(salt, "base64");
    const salted = pbkdf2Sync(this.#options.password, bytes, Number(iterations), 32, "sha256");
    const clientKey = hmac(salted, "Client Key");
    const header = Buffer.from(this.header).toString("base64");
    const withoutProof = `c=${header},r=${nonce}`;
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash("sha256").update(clientKey).digest(), authMessage);
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at])).toString("base64");
    this.#serverSignature = hmac(hmac(salted, "Server Key"), authMessage).toString("base64");
    return `${withoutProof},p=${proof}`;
  }

  /** Whether the server has proven that it knows the password, too. */
  accepts(serverFinal: string): boolean {
    return serverFinal === `v=${this.#serverSignature}`;
  }
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
