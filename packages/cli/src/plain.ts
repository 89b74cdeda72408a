const escaped = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/**
 * Text that cannot drive a terminal: logins, user agents and reasons are chosen by others, and an escape sequence in a
 * log could rewrite what stands above it, or hide itself. Control characters, but for the line's end, and the
 * bidirectional controls are shown as their numbers.
 */
export const plain = (text: string): string => text.replace(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, escaped);

/** The same on one line: a name with a line's end in it cannot write lines of its own below. */
export const oneLine = (text: string): string => plain(text.replaceAll('\n', ' '));
