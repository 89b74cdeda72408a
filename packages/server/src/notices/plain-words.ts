const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * One line, whatever somebody chose as a name: no header and no line of the mail begins inside of it, and nothing turns the
 * direction in which it is read.
 */
export const oneLine = (text: string): string => text.replace(BREAKS, ' ').slice(0, 200);

const MAILBOX = /^[^@]*@[^@/?#]*$/;

/** A word that a mail program would make a link of, so that it does not; a mailbox stays one. */
const unlinkWord = (word: string): string =>
  (MAILBOX.test(word) && !/:\S/.test(word) ? word : word.replace(/[.。．｡](?=\p{L}{2})/gu, '[.]')).replace(
    /:(?=\/\/)/g,
    '[:]',
  );

/**
 * A line of a mail whose words others may have chosen: the only address that a mail of this server leads to is the server's
 * own, else whoever asks for access could have it send their link to every approver.
 */
export const withoutLinks = (line: string): string => line.replace(BREAKS, ' ').replace(/\S+/g, unlinkWord);
