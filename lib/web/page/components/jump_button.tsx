/**
 * The button that jumps to the newest message when it is not visible.
 *
 * @module
 */

import { h } from "preact";
import type { MessageView } from "../message_view.ts";
import { countOf } from "../time_text.ts";
import { Icon } from "./icon.tsx";

export function JumpButton(
  { view, unread }: { readonly view: MessageView; readonly unread: number },
) {
  const lines = view.isLog ? view.newLines : 0;
  if (view.filter || (view.isAtBottom && view.pausedAt === undefined)) return null;
  return (
    <button type="button" class="jump" onClick={() => view.goToNewest()}>
      <Icon name="down" />
      {unread > 0
        ? countOf(unread, "new message")
        : lines > 0
        ? `${countOf(lines, "new line")}${view.query === "" ? "" : " before the filter"}`
        : view.pausedAt === undefined
        ? "Newest"
        : "Continue"}
    </button>
  );
}
