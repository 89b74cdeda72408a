import { newSecret, type Random } from '../ports/random.ts';

/**
 * Command-line tokens begin with it. So a token of one kind can never stand in for the other: as a cookie it is
 * refused, and the secret of a cookie is refused as a Bearer token. Scanners of leaked secrets know it, too.
 */
const PREFIX = 'sp_cli_';

export const newCliToken = (random: Random): string => PREFIX + newSecret(random);

/** Is the secret that of a command-line session? */
export const isCliToken = (secret: string): boolean => secret.startsWith(PREFIX);
