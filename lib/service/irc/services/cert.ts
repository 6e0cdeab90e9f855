/**
 * `/msg NickServ CERT`: the TLS client certificates of an account.
 *
 * @module
 */

import {
  formatFingerprint,
  parseFingerprint,
} from "../../../domain/access/accounts/account_certificates.ts";
import { countText } from "../../../domain/wording.ts";
import type { ServiceCall, ServiceCommand } from "./irc_service.ts";
import { NOT_LOGGED_IN, ownAccount } from "./own_account.ts";

export const CERT: ServiceCommand = {
  names: ["CERT", "CERTFP"],
  usage: "CERT ADD [FINGERPRINT] | LIST | DEL FINGERPRINT",
  summary: "says which TLS client certificates log in to your account, by SASL EXTERNAL",
  async run(call) {
    const account = ownAccount(call.client);
    if (!account) return call.say(NOT_LOGGED_IN);
    const [action = "LIST", ...rest] = call.words;
    const text = rest.join(" ");
    switch (action.toUpperCase()) {
      case "ADD":
        return await add(call, account.name, text);
      case "LIST":
        return list(call, account);
      case "DEL":
      case "REMOVE":
        return text === "" ? call.sayUsage() : await remove(call, account.name, text);
      default:
        call.sayUsage();
    }
  },
};

async function add({ client, say }: ServiceCall, name: string, text: string): Promise<void> {
  const { irc: { chat: { certificates } }, member: { context } } = client;
  if (text === "" && context.certificate === undefined) {
    return say(
      "You have not connected with a client certificate. Connect with TLS and one, or give its " +
        "SHA-256 fingerprint: /msg NickServ CERT ADD FINGERPRINT",
    );
  }
  const fingerprint = text === "" ? context.certificate! : parseFingerprint(text);
  await certificates.add(name, fingerprint);
  say(
    `Added ${
      formatFingerprint(fingerprint)
    }: with that certificate and SASL EXTERNAL, your client ` +
      `logs in to ${name} without a password.`,
  );
}

function list(
  { client: { member: { context } }, say }: ServiceCall,
  { name, certificates = [] }: NonNullable<ReturnType<typeof ownAccount>>,
): void {
  for (const { fingerprint, addedAt } of certificates) {
    const here = fingerprint === context.certificate ? ", and of this connection" : "";
    const day = new Date(addedAt).toISOString().slice(0, 10);
    say(`${formatFingerprint(fingerprint)} (added on ${day}${here})`);
  }
  say(`${name} has ${countText(certificates.length, "certificate")}.`);
}

async function remove({ client, say }: ServiceCall, name: string, text: string): Promise<void> {
  const { fingerprint } = await client.irc.chat.certificates.remove(name, text);
  say(`Removed ${formatFingerprint(fingerprint)}: it no longer logs in to ${name}.`);
}
