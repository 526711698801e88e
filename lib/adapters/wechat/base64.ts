/**
 * Decodes standard Base64 with its padding. Anything else is refused: Node's own decoder skips what
 * it does not know, so that many texts would mean the same bytes.
 */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
