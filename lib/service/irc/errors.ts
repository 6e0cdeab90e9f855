/**
 * Refusals as the numbers that IRC has for them (modern.ircdocs.horse, "Numerics").
 *
 * @module
 */

import type { DomainErrorCode } from "../../domain/domain_error.ts";

const NUMERICS: Partial<Record<DomainErrorCode, string>> = {
  "bad-name": "432", // ERR_ERRONEUSNICKNAME
  "not-delivered": "404", // ERR_CANNOTSENDTOCHAN
  "name-in-use": "433", // ERR_NICKNAMEINUSE
  "name-reserved": "432",
  "not-in-room": "442", // ERR_NOTONCHANNEL
  "no-such-person": "401", // ERR_NOSUCHNICK
  "no-such-room": "403", // ERR_NOSUCHCHANNEL
  "no-text": "412", // ERR_NOTEXTTOSEND
  "too-many-rooms": "405", // ERR_TOOMANYCHANNELS
  "not-permitted": "482", // ERR_CHANOPRIVSNEEDED
  "key-needed": "475", // ERR_BADCHANNELKEY
  "login-needed": "477", // ERR_NEEDREGGEDNICK; for NICK it is 433, see registered_nick.ts
  "wrong-password": "464", // ERR_PASSWDMISMATCH
  "wrong-token": "464",
  "bad-password": "464",
  "looks-like-login": "404",
  "too-long": "417", // ERR_INPUTTOOLONG
};

/** ERR_UNKNOWNERROR */
const OTHER = "400";

/** The numeric of a refusal; the parameter it is about comes before its sentence. */
export function numericOf(code: DomainErrorCode): string {
  return NUMERICS[code] ?? OTHER;
}
