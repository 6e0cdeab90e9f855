/**
 * The telnet codes that are sent or recognised here, by their names in the RFCs.
 *
 * @module
 */

/** End of file (RFC 1184). It is the lowest command: below it IAC has no meaning. */
export const EOF = 236;
/** End of sub-negotiation (RFC 855). */
export const SE = 240;
/** No operation (RFC 854). */
export const NOP = 241;
/** Break key (RFC 854). */
export const BRK = 243;
/** Interrupt process (RFC 854). */
export const IP = 244;
/** Are you there (RFC 854). */
export const AYT = 246;
/** Erase character (RFC 854). */
export const EC = 247;
/** Erase line (RFC 854). */
export const EL = 248;
/** Begin of sub-negotiation (RFC 855). */
export const SB = 250;
export const WILL = 251;
export const WONT = 252;
export const DO = 253;
export const DONT = 254;
/** Interpret as command (RFC 854); doubled it is a data byte. */
export const IAC = 255;

/** RFC 856. */
export const BINARY = 0;
/** RFC 857. */
export const ECHO = 1;
/** RFC 858. */
export const SUPPRESS_GO_AHEAD = 3;
/** RFC 860. */
export const TIMING_MARK = 6;
/** RFC 1091. */
export const TERMINAL_TYPE = 24;
export const TERMINAL_TYPE_IS = 0;
export const TERMINAL_TYPE_SEND = 1;
/** Negotiate about window size (RFC 1073). */
export const NAWS = 31;
/** RFC 2066. */
export const CHARSET = 42;
export const CHARSET_REQUEST = 1;
export const CHARSET_ACCEPTED = 2;
export const CHARSET_REJECTED = 3;
