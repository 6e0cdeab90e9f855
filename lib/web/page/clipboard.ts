/**
 * Copies text to the clipboard.
 *
 * @module
 */

/** Copies a text; resolves to whether that worked. */
export async function copyToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Absent over plain http, except on this machine.
  }
  const field = document.createElement("textarea");
  field.value = text;
  const focused = document.activeElement as HTMLElement | null;
  // Inside an open dialog, because everything else is inert.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isCopied;
}
