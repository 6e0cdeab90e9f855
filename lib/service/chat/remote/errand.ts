/**
 * What one node asks of another that somebody is connected to, and the answers.
 *
 * @module
 */

import type { PrivateMessage, SignedNotice, TagNotice } from "../screen.ts";

export type Errand =
  /** Show a private message that is not kept. @see ChatSession.hear */
  | { readonly do: "hear"; readonly from: number; readonly message: PrivateMessage }
  /** Show a line of the server's own words. */
  | { readonly do: "notice" | "error"; readonly text: string; readonly code?: string }
  | { readonly do: "tags"; readonly notice: TagNotice }
  | { readonly do: "signed"; readonly notice: SignedNotice }
  | { readonly do: "invite"; readonly by: string; readonly room: string }
  /** Find out whether somebody is still there. */
  | { readonly do: "reach"; readonly question: string }
  /** End the session. */
  | { readonly do: "end"; readonly complaint?: string; readonly isReplaced?: boolean }
  /** Have somebody leave the server. */
  | { readonly do: "depart"; readonly farewell: string };

/** An errand for somebody. */
export type ErrandFor = Errand & {
  /** The origin of the person. */
  readonly to: number;
};

export interface ErrandAnswer {
  /** Whether the person is connected to the node that was asked. */
  readonly isHere: boolean;
  /** Of `hear`, whether there was room; of `reach`, whether they are there. */
  readonly isDone?: boolean;
}
