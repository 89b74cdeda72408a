/**
 * Lower case for A to Z only. It is the one folding on which JavaScript, SQLite's `lower` and PostgreSQL's `lower`
 * under COLLATE "C" agree.
 */
export const foldAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
