/**
 * The button that jumps to the newest message when it is not visible.
 *
 * @module
 */

import type { MessageView } from "../message_view.ts";
import { countOf } from "../time_text.ts";
import { Icon } from "./icon.tsx";

export function JumpButton(
  { view, unread }: { readonly view: MessageView; readonly unread: number },
) {
  if (view.isAtBottom || view.filter) return null;
  return (
    <button type="button" class="jump" onClick={() => view.goToNewest()}>
      <Icon name="down" />
      {unread > 0 ? countOf(unread, "new message") : "Newest"}
    </button>
  );
}
