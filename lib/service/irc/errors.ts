/**
 * Refusals as the numbers that IRC has for them (modern.ircdocs.horse, "Numerics").
 *
 * @module
 */

import type { DomainErrorCode } from "../../domain/domain_error.ts";

/** The numeric of a refusal; the parameter it is about comes before its sentence. */
export const NUMERICS: Readonly<Record<DomainErrorCode, string>> = {
  "bad-name": "432", // ERR_ERRONEUSNICKNAME
  "bad-query": "400", // ERR_UNKNOWNERROR
  "not-delivered": "404", // ERR_CANNOTSENDTOCHAN
  "own-name": "400",
  "name-in-use": "433", // ERR_NICKNAMEINUSE
  "name-reserved": "432",
  "not-in-room": "442", // ERR_NOTONCHANNEL
  "no-such-event": "400",
  "no-such-person": "401", // ERR_NOSUCHNICK
  "no-such-room": "403", // ERR_NOSUCHCHANNEL
  "no-such-token": "400",
  "too-many-rooms": "405", // ERR_TOOMANYCHANNELS
  "too-many-tokens": "400",
  "not-permitted": "482", // ERR_CHANOPRIVSNEEDED
  "key-needed": "475", // ERR_BADCHANNELKEY
  "login-needed": "433",
  "wrong-password": "464", // ERR_PASSWDMISMATCH
  "wrong-token": "464",
  "bad-password": "464",
  "looks-like-login": "404",
  "slow-down": "400",
  "unavailable": "400",
  "too-long": "417", // ERR_INPUTTOOLONG
};
