/**
 * What the nodes of a cluster know of each person who is connected to one of them: the value of
 * their name in the replicated state.
 *
 * @module
 */

import type { ChatSession } from "../chat_session.ts";

export interface PersonFacts {
  readonly name: string;
  readonly origin: number;
  readonly node: string;
  readonly via: string;
  /** The scheme of the endpoint. */
  readonly transport: string;
  readonly address?: string;
  /** Key of the account. */
  readonly account?: string;
  readonly isOperator?: boolean;
  /** Set while the person is away; `""` if they gave no text. */
  readonly away?: string;
  /** What the client tells, if it tells anything. */
  readonly user?: string;
  readonly realname?: string;
  /** Letters of modes. */
  readonly modes?: string;
}

/** The facts of somebody who is connected to this node. */
export function factsOf(
  { member, awayText }: ChatSession,
  node: string,
  name: string,
): PersonFacts {
  const { origin, via, context, address, account, details } = member;
  return {
    name,
    origin,
    node,
    via,
    transport: context.transport,
    address,
    account,
    isOperator: member.isOperator || undefined,
    away: awayText,
    user: details?.user,
    realname: details?.realname,
    modes: details && [...details.modes].join(""),
  };
}

export function parseFacts(value: string): PersonFacts {
  return JSON.parse(value);
}
