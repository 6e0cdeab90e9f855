/** Credentials files of NATS, and the configuration of servers that take them: JWTs by NKeys. */

import { nkeys } from "@nats-io/transport-node";

type KeyPair = ReturnType<typeof nkeys.createOperator>;

const NO_LIMITS = {
  ...{ subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true },
  ...{ conn: -1, leaf: -1 },
};
/** What lets an account use JetStream. */
const STORAGE = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

export interface NatsCredentials {
  /** Lines for the configuration of the servers. */
  readonly config: string;
  /** The credentials file of a user whom they know. */
  readonly creds: string;
}

export function makeCredentials(): NatsCredentials {
  const operator = nkeys.createOperator();
  // JetStream needs an account of its own, which may not store anything.
  const [system, account] = [nkeys.createAccount(), nkeys.createAccount()];
  const user = nkeys.createUser();
  const operatorJwt = sign(operator, operator, { type: "operator" });
  const accounts = [system, account].map((each) => {
    const limits = each === system ? NO_LIMITS : { ...NO_LIMITS, ...STORAGE };
    return `${each.getPublicKey()}: ${sign(operator, each, { type: "account", limits })}`;
  });
  const userJwt = sign(account, user, { ...NO_LIMITS, type: "user", pub: {}, sub: {} });
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    config: `operator: ${operatorJwt}
      resolver: MEMORY
      system_account: ${system.getPublicKey()}
      resolver_preload: { ${accounts.join(", ")} }`,
    creds: `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n\n` +
      `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
  };
}

function sign(issuer: KeyPair, subject: KeyPair, nats: Record<string, unknown>): string {
  const claims = {
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1000) - 60,
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name: "test",
    nats: { ...nats, version: 2 },
  };
  const encode = (part: unknown) => base64url(new TextEncoder().encode(JSON.stringify(part)));
  const content = `${encode({ typ: "JWT", alg: "ed25519-nkey" })}.${encode(claims)}`;
  return `${content}.${base64url(issuer.sign(new TextEncoder().encode(content)))}`;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
